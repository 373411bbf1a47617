#include "processor/runtime/fetch.h"

#include "processor/runtime/memory.h"

#include <curl/curl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_BYTES_LEAST = 4096, HEADER_BYTES = 200 };

struct taking {
    struct fetch_answer *answer;
    size_t capacity, bytes_most;
};

static size_t take(char *data, size_t one, size_t bytes, void *context)
{
    struct taking *taking = context;
    struct fetch_answer *answer = taking->answer;
    (void)one;
    if (bytes > taking->bytes_most - answer->len)
        return 0;
    while (taking->capacity - answer->len <= bytes)
        taking->capacity *= 2;
    answer->text = memory_resize(answer->text, taking->capacity, 1);
    memcpy(answer->text + answer->len, data, bytes);
    answer->len += bytes;
    answer->text[answer->len] = '\0';
    return bytes;
}

static int look(void *context, curl_off_t down_most, curl_off_t down, curl_off_t up_most, curl_off_t up)
{
    const atomic_bool *is_over = context;
    (void)down_most, (void)down, (void)up_most, (void)up;
    return is_over != NULL && atomic_load(is_over);
}

static struct curl_slist *add_header(struct curl_slist *headers, const char *name, const char *value)
{
    char line[HEADER_BYTES];
    if (value == NULL)
        return headers;
    snprintf(line, sizeof line, "%s: %s", name, value);
    headers = curl_slist_append(headers, line);
    if (headers == NULL)
        memory_exhausted(sizeof line);
    return headers;
}

static void set_up(CURL *curl, const struct fetch_request *request)
{
    curl_easy_setopt(curl, CURLOPT_URL, request->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, request->timeout_ms > 0 ? (long)request->timeout_ms : 1L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, (void *)request->is_over);
    if (request->body.data != NULL) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.data);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
    }
}

bool fetch(const struct fetch_request *request, size_t bytes_most, struct fetch_answer *answer)
{
    *answer = (struct fetch_answer){.text = memory_new(1, ANSWER_BYTES_LEAST)};
    struct taking taking = {.answer = answer, .capacity = ANSWER_BYTES_LEAST, .bytes_most = bytes_most};
    char problem[CURL_ERROR_SIZE] = "";
    CURL *curl = curl_easy_init();
    if (curl == NULL)
        memory_exhausted(0);
    struct curl_slist *headers = add_header(add_header(NULL, "Content-Type", request->type), "Accept", request->accept);
    set_up(curl, request);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, problem);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &taking);
    CURLcode code = curl_easy_perform(curl);
    if (code == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
    else
        snprintf(answer->problem, sizeof answer->problem, "%s", problem[0] != '\0' ? problem : curl_easy_strerror(code));
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return code == CURLE_OK;
}

void fetch_done(struct fetch_answer *answer)
{
    free(answer->text);
    *answer = (struct fetch_answer){0};
}

void fetch_init(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

char *fetch_url(const char *url, const char *path)
{
    size_t len = strlen(url), path_len = strlen(path);
    while (len > 0 && url[len - 1] == '/')
        len--;
    char *whole = memory_take(len + path_len + 1);
    memcpy(whole, url, len);
    memcpy(whole + len, path, path_len + 1);
    return whole;
}

char *fetch_escape(const char *text)
{
    char *escaped = curl_easy_escape(NULL, text, 0);
    if (escaped == NULL)
        memory_exhausted(0);
    char *copy = memory_copy(escaped);
    curl_free(escaped);
    return copy;
}
