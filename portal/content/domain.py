"""Create the home page, the root of the site, which every installation starts with."""

from django.db import transaction
from wagtail.models import Page, Site

from portal.models import HomePage, PortalSettings


@transaction.atomic
def make_home_page() -> HomePage:
    """Return the home page; where there is none, make it the root of the default site."""
    home = HomePage.objects.first()
    if home is not None:
        return home
    name = PortalSettings.load().site_name
    top = Page.get_first_root_node()
    home = top.add_child(instance=HomePage(title=name, slug="front", show_in_menus=True))
    site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
    site.root_page, site.site_name = home, name
    site.save()
    # Wagtail's own welcome page; nothing of ours stands below it.
    Page.objects.filter(depth=2, slug="home").exclude(pk=home.pk).delete()
    return home
