/* The phrases themselves, for phrases.c alone.
 *
 * Each list is in byte order, in the form that line_normalise() gives: small letters, digits as one 0, straight quotes,
 * one space between words, no marks around. Which list is for what stands in phrases.c. */
#pragma once

static const char *const advertisement_lines[] = {
    "ad", "ad feedback", "ads", "advert", "advertise with us", "advertisement",
    "advertisement - continue reading below", "advertisement - scroll to continue", "advertisement advertisement",
    "advertisement advertisement advertisement", "advertisement continue reading the main story",
    "advertisement scroll to continue", "advertisements", "advertising", "adverts", "anzeige",
    "article continues after ad", "article continues after advertisement",
    "article continues after this advertisement", "article continues below", "article continues below advertisement",
    "content continues below", "continue reading below", "continue reading the main story", "paid content",
    "paid post", "partner content", "promoted", "promoted content", "pubblicità", "publicidad", "publicidade",
    "publicité", "reklama", "scroll down for video", "scroll to continue", "skip ad", "skip ads",
    "skip advertisement", "skip past newsletter promotion", "sponsored", "sponsored by", "sponsored content",
    "sponsored links", "story continued below", "story continues after advertisement", "story continues below",
    "story continues below advertisement", "story continues below this ad", "this ad will end in 0 seconds",
    "werbung",
};

static const char *const navigation_lines[] = {
    "0 / 0", "0 comment", "0 comments", "0 likes", "0 of 0", "0 share", "0 shares", "0 views", "a a a", "about",
    "about us", "accept", "accept all", "accept all cookies", "add a comment", "all sections", "analysis/opinion",
    "back to home", "back to top", "bookmark", "break", "breaking news", "cancel reply", "careers", "close",
    "close dialog", "close menu", "collapse", "comment", "comments", "comments (0", "comments 0", "contact",
    "contact us", "cookie policy", "cookie settings", "cookies", "copied", "copy link", "copy link copied",
    "do not sell my personal information", "e-mail", "e-paper", "email", "email this article", "enlarge this image",
    "epaper", "expand", "facebook", "facebook twitter", "facebook twitter email", "facebook twitter linkedin",
    "facebook twitter pinterest", "facebook twitter whatsapp", "faq", "faqs", "feedback", "flipboard", "follow",
    "following", "font size", "fullscreen", "gallery", "help", "hide caption", "hide comments", "home",
    "i agree", "instagram", "jobs", "join the conversation", "jump to content", "language", "latest news",
    "leave a comment", "leave a reply", "link copied", "linkedin", "listen", "listen to article",
    "listen to this article", "live", "load more", "loading", "log in", "log out", "login", "main menu",
    "manage cookies", "menu", "messenger", "more", "mute", "my account", "newsletters manage newsletters", "next",
    "next article", "next image 0 of 0", "next page", "next post", "next story", "no comments", "no comments yet",
    "open menu", "open search", "pause", "photo", "photos", "pinterest", "play", "play audio", "play facebook",
    "play video", "please wait", "pocket", "post", "post a comment", "prev", "prev image 0 of 0", "previous",
    "previous article", "previous image 0 of 0", "previous next", "previous post", "previous story", "print",
    "print this article", "privacy", "privacy notice", "privacy policy", "read later", "reddit", "register",
    "replay", "replay more videos", "report a typo", "report this ad", "rss", "save", "save article",
    "save for later", "save story", "save this story", "search", "sections", "see all", "see more",
    "select language", "send us feedback", "share", "share article", "share full article", "share on facebook",
    "share on linkedin", "share on twitter", "share on whatsapp", "share save", "share this", "share this article",
    "share this article share tweet post email", "share this post", "share this story", "share tweet",
    "share tweet post email", "share via email", "shares", "show comments", "show less", "show more", "sign in",
    "sign out", "site index", "site map", "sitemap", "skip to content", "skip to main content", "skip to navigation",
    "slideshow (0 images", "start the conversation", "subscriptions", "tags", "telegram", "terms",
    "terms & conditions", "terms and conditions", "terms of service", "terms of use", "text size", "tiktok",
    "today's paper", "toggle caption", "toggle navigation", "topic", "topics", "translate", "tumblr", "tweet",
    "twitter", "unfollow", "unmute", "video", "videos", "view all", "view all comments", "view comments",
    "view gallery", "view image", "view photos", "watch live", "watch video", "whatsapp", "x youtube video",
    "youtube",
};

static const char *const navigation_starts[] = {
    "categories:", "end of facebook post", "end of instagram post", "end of twitter post", "end of youtube post",
    "filed under", "hide caption", "loading comments", "log in to", "next image", "please enable javascript",
    "please log in", "please sign in", "posted in", "prev image", "read or share this story", "related topics:",
    "share on facebook", "share this article on", "share this story on", "share this:", "skip facebook post",
    "skip instagram post", "skip twitter post", "skip youtube post", "tagged with", "tags:",
    "this site uses cookies", "this website uses cookies", "topics:", "we use cookies", "you are reading",
    "you must be logged in", "you need to be logged in", "your browser does not support",
};

static const char *const promotion_lines[] = {
    "become a member", "become a subscriber", "become a supporter", "donate", "donate now", "download app",
    "download our app", "download the app", "email address", "enter your email", "find out more", "follow us",
    "follow us on", "get email alerts", "get newsletter", "get started", "get the app", "get the newsletter",
    "gift this article", "give this article", "join now", "join today", "join us", "learn more",
    "manage newsletters", "newsletter", "newsletter sign up", "newsletter sign-up", "newsletter signup",
    "newsletters", "our newsletters", "pullquote", "sign me up", "sign up", "sign up for free", "sign up here",
    "sign up now", "sign up today", "start free trial", "start your free trial", "subscribe", "subscribe for free",
    "subscribe here", "subscribe now", "subscribe today", "support us", "try it free", "your email address",
};

static const char *const promotion_starts[] = {
    "already a subscriber", "already have an account", "become a member", "buy now", "can't see the",
    "click here for", "click here to", "click to get", "click to subscribe", "connect with us", "contact us at",
    "create a free account", "don't have an account", "don't see the graphic", "download our app",
    "download the app", "enter your email", "follow us @", "follow us on", "get more with",
    "get the monitor stories", "got a story", "got a tip", "have a story", "have a tip", "invalid email",
    "join us on", "let our news meet", "like us on", "like us on facebook", "listen and subscribe",
    "newsletter sign up", "not a member", "not a subscriber", "send a tip", "send letters to", "shop now",
    "sign up for daily newsletters", "sign up for daily opinion", "sign up for our newsletter",
    "sign up for the newsletter", "sign up here", "sign up to our newsletter", "sign up to receive",
    "sign up with your email", "start your day with", "start your free trial", "stay up to date", "subscribe now",
    "subscribe to continue", "subscribe to our", "subscribe to the newsletter", "support independent journalism",
    "support our journalism", "support vox", "thank you for signing up", "thank you for subscribing",
    "thanks for signing up", "thanks for subscribing", "this article is for subscribers", "this article is reserved",
    "this content is not available", "this content is only available", "to continue reading", "to read the full",
    "unlock this", "visit business insider", "want fox news first", "watch the latest video at",
    "you can unsubscribe",
};

static const char *const promotion_calls[] = {
    "breaking news", "by clicking", "by entering your email", "by providing", "by registering", "by signing up",
    "by subscribing", "check out our", "click", "contact", "daily politics news delivered", "don't miss", "download",
    "email us", "enjoying", "find all", "find us on", "follow", "for all the latest", "for more", "for the latest",
    "get alerts", "get all the latest", "get breaking", "get more", "get news", "get our", "get the", "get the best",
    "get the day's", "get the latest", "get your", "help us keep", "install", "join", "keep up", "like what you",
    "listen to", "never miss", "read more at", "receive", "register for", "register now", "see more", "send us",
    "sign up", "stay ahead", "stay connected", "stay informed", "stay on top", "subscribe", "tap",
    "the news and stories that matter", "want", "want more", "want to", "write to", "you can also follow",
    "you can follow",
};

static const char *const related_headings[] = {
    "also on politico", "also read", "also see", "don't miss", "full 0 election results", "full coverage",
    "further reading", "icymi", "just watched", "more from", "more in", "more news", "more on", "more on this",
    "more related", "more stories", "most popular", "most read", "most shared", "most viewed", "must read",
    "must watch", "next up", "now playing", "now read", "photo gallery", "read also", "read full story", "read more",
    "read more about", "read more on", "read next", "read related", "read the full story", "recommended for you",
    "recommended reading", "related article", "related articles", "related content", "related coverage",
    "related link", "related links", "related news", "related stories", "related story", "related topics",
    "related video", "see all", "see also", "top stories", "trending now", "up next", "view more", "watch more",
    "watch the video", "what to read next", "you may also like", "you may like", "you might also like",
    "you might like",
};

static const char *const related_starts[] = {
    "click for more", "don't miss:", "explainer:", "gallery:", "here's what you need to know:", "in photos:",
    "in pictures:", "in the news:", "infographic:", "interactive:", "latest:", "listen:", "more:", "opinion:",
    "photos:", "podcast:", "read more from", "read:", "recommended:", "related:", "see also:", "see more:",
    "slideshow:", "special coverage:", "story:", "trending:", "video:", "videos:", "watch live:", "watch now:",
    "watch:",
};

static const char *const related_lines[] = {
    "also in the news", "also read", "around the web", "don't miss", "don't miss out", "editor's choice",
    "editor's pick", "editor's picks", "editors' picks", "elsewhere on the web", "explore more", "featured",
    "featured stories", "from around the web", "from our network", "from our partners", "from the web",
    "further reading", "in case you missed it", "in other news", "in this article", "keep reading", "latest",
    "latest articles", "latest headlines", "latest posts", "latest stories", "lire aussi", "mehr zum thema", "more",
    "more coverage", "more headlines", "more news", "more on this", "more on this story", "more on this topic",
    "more stories", "more top stories", "more videos", "most commented", "most popular", "most read", "most recent",
    "most shared", "most viewed", "must read", "must reads", "must watch", "must-read", "más leídas",
    "other articles", "other news", "other stories", "popular", "popular now", "popular posts", "popular stories",
    "promoted stories", "read also", "read more", "read next", "read this next", "recent articles", "recent news",
    "recent posts", "recent stories", "recommended", "recommended articles", "recommended for you",
    "recommended reading", "recommended stories", "related", "related article", "related articles",
    "related content", "related coverage", "related links", "related news", "related posts", "related reading",
    "related stories", "related topics", "related video", "related videos", "see also", "similar articles",
    "similar posts", "similar stories", "stories you may like", "suggested reading", "suggested stories",
    "top headlines", "top news", "top picks for you", "top stories", "trending", "trending news", "trending now",
    "trending stories", "trending topics", "up next", "what others are reading", "what others are saying",
    "what to read next", "what's hot", "you may also like", "you may be interested in", "you may like",
    "you might also like", "you might be interested in", "you missed", "à lire aussi",
};

static const char *const caption_starts[] = {
    "ap photo", "caption:", "credit:", "enlarge image", "enlarge this image", "facebook twitter pinterest", "file -",
    "file image", "file photo", "file picture", "file –", "graphic:", "hide caption", "image by", "image caption",
    "image copyright", "image courtesy", "image credit", "image source", "image via", "image:", "images:",
    "in this courtroom sketch", "in this file photo", "in this handout", "in this photo", "in this undated",
    "media caption", "media playback is", "photo by", "photo courtesy", "photo credit", "photo illustration",
    "photo:", "photograph by", "photograph:", "picture by", "picture:", "pictured:", "screengrab", "screenshot",
    "this undated file", "this undated photo", "toggle caption", "zoom in icon",
};

static const char *const byline_lines[] = {
    "0 april 0", "0 august 0", "0 december 0", "0 february 0", "0 january 0", "0 july 0", "0 june 0", "0 march 0",
    "0 may 0", "0 november 0", "0 october 0", "0 september 0", "april 0, 0", "august 0, 0", "december 0, 0",
    "february 0, 0", "january 0, 0", "july 0, 0", "june 0, 0", "march 0, 0", "may 0, 0", "november 0, 0",
    "october 0, 0", "september 0, 0",
};

static const char *const byline_starts[] = {
    "0 day ago", "0 days ago", "0 hour ago", "0 hours ago", "0 min read", "0 mins read", "0 minute read",
    "0 minutes ago", "0 minutes read", "0 months ago", "0 weeks ago", "0 years ago", "additional reporting by",
    "article by", "author:", "by afp", "by associated press", "by our correspondent", "by reuters", "by staff",
    "by the associated press", "compiled by", "contact the author", "contributing:", "date:", "edited by",
    "first published", "from our correspondent", "last modified", "last update", "last updated",
    "opinion contributor", "originally published", "posted at", "posted by", "posted on", "posted:", "published at",
    "published by", "published on", "published:", "read time", "reading time", "reported by", "reviewed by",
    "special for", "special to", "staff reporter", "staff writer", "story by", "text by", "updated at", "updated on",
    "updated:", "words by", "written by",
};

static const char *const credit_starts[] = {
    "additional reporting", "associated press writer", "associated press writers", "editing by", "reporting by",
    "the associated press contributed",
};

static const char *const summary_starts[] = {"story highlights"};

static const char *const footer_starts[] = {
    "a version of this article", "a version of this post", "a version of this story", "all rights reserved",
    "an earlier version of this", "c) 0", "content created by", "copyright (c)", "copyright 0", "copyright by",
    "copyright ©", "correction:", "corrections &", "corrections and", "corrections:", "discover thomson reuters",
    "for reprint rights", "no part of this", "opinions expressed are", "opinions expressed in this",
    "our standards: the thomson reuters", "printed from", "privacy policy |", "published in print",
    "published in the print", "quotes delayed at least", "registered in england", "reprinted with",
    "republished from", "republished with", "terms of use |", "the opinions expressed by",
    "the opinions expressed in", "the views and opinions expressed", "the views expressed",
    "this article appeared in", "this article first appeared", "this article has been corrected",
    "this article has been updated", "this article is from", "this article is more than",
    "this article is republished", "this article originally appeared", "this article originally ran",
    "this article tagged under", "this article was first published", "this article was originally",
    "this article was published", "this article was updated", "this article was written by",
    "this column was originally", "this content was originally", "this essay was originally",
    "this is a rush transcript", "this piece originally", "this piece was originally", "this post has been updated",
    "this post originally", "this post was originally", "this report has been updated", "this story first appeared",
    "this story has been corrected", "this story has been updated", "this story is part of",
    "this story originally appeared", "this story was first published", "this story was originally",
    "this story was updated", "unauthorized reproduction", "views expressed are", "views expressed in this", "©",
};

/* At the end of a caption, with at most a few words behind. */
static const char *const picture_credits[] = {
    "(ap photo", "(ap)", "(file photo", "(file)", "(getty", "(handout", "(image:", "(image by", "(image credit", "(image via",
    "(photo:", "(photo by", "(photo credit", "(photo courtesy", "(photos by", "(picture:", "(reuters/", "(screenshot",
    "(source:", "/afp", "/ap", "/epa", "/getty", "/reuters", "/shutterstock", "/the new york times", "afp/", "ap photo",
    "courtesy:", "credit:", "getty images", "file photo", "handout via", "image:", "images:", "istock", "photo:", "photo by",
    "photo credit", "photo courtesy", "photograph:", "photograph by", "photos:", "picture:", "pictures:", "reuters/",
    "shutterstock", "| ap", "| reuters", "| getty", "| afp"
};

/* At the end of a line that says who else worked on the article. */
static const char *const work_credits[] = {
    "contributed to this article", "contributed to this column", "contributed to this piece", "contributed to this post",
    "contributed to this report", "contributed to this story", "contributed reporting", "contributed to the report",
    "contributed to reporting"
};

static const char *const rights[] = {"all rights reserved", "for reprint permission", "rewritten or redistributed"};

/* What makes an imperative a call to action of the page: "Follow ... on Twitter", "Sign up ... newsletter". */
static const char *const call_objects[] = {
    "@", " alerts", " app", " click", " email", " e-mail", " facebook", " free trial", " inbox", " instagram", " newsletter",
    " notifications", " podcast", " subscri", " telegram", " twitter", " whatsapp", " youtube", "http", "www."
};

