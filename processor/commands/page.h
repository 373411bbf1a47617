/* What every page of `extract --html` has before and behind its articles: the style sheet and the script. */
#pragma once

extern const char page_start[], page_end[];
