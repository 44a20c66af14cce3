/** Hosts that carry the pages of many companies: an address there says where a company can be seen, not who it is. */

/** Social networks, directories, marketplaces, booking and link services: with everything below them. */
const platforms = new Set(
  // Social networks and messengers
  (
    'facebook.com fb.com fb.me fb.watch m.me instagram.com threads.net linkedin.com lnkd.in twitter.com x.com t.co youtube.com youtu.be ' +
    'tiktok.com pinterest.com snapchat.com reddit.com tumblr.com vimeo.com flickr.com whatsapp.com wa.me t.me telegram.me discord.gg ' +
    'discord.com nextdoor.com xing.com vk.com medium.com quora.com bsky.app ' +
    // Maps and search
    'google.com google.ca google.co.uk google.de goo.gl g.page g.co withgoogle.com bing.com mapquest.com waze.com maps.app.goo.gl ' +
    'openstreetmap.org duckduckgo.com ' +
    // Directories and reviews
    'yelp.com yelp.ca yelp.co.uk yelp.to yellowpages.com yellowpages.ca yp.com superpages.com whitepages.com dexknows.com local.com manta.com ' +
    'bbb.org foursquare.com tripadvisor.com tripadvisor.co.uk trustpilot.com citysearch.com chamberofcommerce.com hotfrog.com ' +
    'merchantcircle.com cylex.us.com brownbook.net yell.com checkatrade.com trustatrader.com gelbeseiten.de 11880.com crunchbase.com ' +
    'zoominfo.com dnb.com apollo.io rocketreach.co opencorporates.com bizapedia.com glassdoor.com indeed.com wikipedia.org ' +
    'wikidata.org buildzoom.com birdeye.com loc8nearme.com mapcarta.com ' +
    // Marketplaces and lead services
    'angi.com angieslist.com homeadvisor.com thumbtack.com houzz.com porch.com bark.com networx.com homestars.com taskrabbit.com ' +
    'energysage.com solarreviews.com amazon.com ebay.com etsy.com alibaba.com aliexpress.com craigslist.org gumtree.com offerup.com ' +
    'booking.com airbnb.com expedia.com vrbo.com opentable.com resy.com doordash.com ubereats.com grubhub.com toasttab.com ' +
    'seamless.com zillow.com realtor.com trulia.com redfin.com loopnet.com avvo.com findlaw.com justia.com lawyers.com ' +
    'healthgrades.com zocdoc.com vitals.com webmd.com psychologytoday.com cars.com autotrader.com upwork.com fiverr.com ' +
    'theknot.com weddingwire.com groupon.com ' +
    // Booking and client portals
    'dispatch.me housecallpro.com getjobber.com jobber.com servicetitan.com workiz.com calendly.com booksy.com vagaro.com ' +
    'mindbodyonline.com acuityscheduling.com setmore.com fresha.com styleseat.com schedulista.com appointy.com simplybook.me ' +
    // Links, forms, payment and files
    'linktr.ee bit.ly tinyurl.com ow.ly buff.ly rebrand.ly is.gd cutt.ly lnk.bio beacons.ai bio.link msha.ke campsite.bio taplink.cc ' +
    'typeform.com jotform.com surveymonkey.com eventbrite.com meetup.com gofundme.com patreon.com paypal.com paypal.me venmo.com ' +
    'cash.app mailchi.mp zoom.us dropbox.com sharepoint.com onedrive.com 1drv.ms canva.com issuu.com scribd.com'
  ).split(' '),
);

/** Builders of sites: the bare host is theirs, a name below it is its customer's. */
const builders = new Set(
  (
    'business.site sites.google.com wix.com wixsite.com editorx.io squarespace.com weebly.com wordpress.com wordpress.org blogspot.com ' +
    'blogger.com godaddy.com godaddysites.com webflow.io webflow.com site123.com site123.me jimdo.com jimdofree.com jimdosite.com ' +
    'webnode.com webnode.page strikingly.com mystrikingly.com carrd.co square.site squareup.com shopify.com myshopify.com ' +
    'bigcommerce.com mybigcommerce.com duda.co dudaone.com multiscreensite.com homestead.com webs.com tripod.com angelfire.com ' +
    'yolasite.com ucraft.site zyrosite.com hostinger.com hostingersite.com netlify.app vercel.app github.io gitlab.io herokuapp.com ' +
    'web.app firebaseapp.com pages.dev workers.dev azurewebsites.net amazonaws.com cloudfront.net onrender.com glitch.me notion.site ' +
    'notion.so hubspot.com hubspotpagebuilder.com hs-sites.com mailchimpsites.com clickfunnels.com leadpages.co kartra.com ' +
    'gohighlevel.com msgsndr.com ueniweb.com wsimg.com vistaprint.com vpweb.com networksolutions.com'
  ).split(' '),
);

/** Whether this host carries many companies. Subdomains of a brand or a builder are each someone's own. */
export function isSharedHost(host: string): boolean {
  const name = host.startsWith('www.') ? host.slice(4) : host;
  if (builders.has(name)) return true;
  for (let rest = name; ; ) {
    if (platforms.has(rest)) return true;
    const dot = rest.indexOf('.');
    if (dot < 0 || rest.indexOf('.', dot + 1) < 0) return false;
    rest = rest.slice(dot + 1);
  }
}
