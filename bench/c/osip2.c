/* osip2's parser: `osip_message_parse` reads all headers that the library knows. */
#include "peers.h"

#include <sys/time.h>

#include <osipparser2/osip_parser.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void start(void) { parser_init(); }

static osip_message_t *made(const char *bytes, size_t length) {
  osip_message_t *sip = NULL;
  if (osip_message_init(&sip) != 0 || osip_message_parse(sip, bytes, length) != 0) exit(4);
  return sip;
}

static size_t size(const char *text) { return text ? strlen(text) : 0; }
static const char *shown(const char *text) { return text ? text : ""; }

struct seven {
  const char *branch, *from, *to;
  osip_contact_t *contact;
};

static const char *value(osip_generic_param_t *param) { return param ? param->gvalue : NULL; }

static struct seven read_seven(osip_message_t *sip) {
  struct seven seven;
  osip_generic_param_t *branch = NULL, *from = NULL, *to = NULL;
  osip_via_t *via = NULL;
  seven.contact = NULL;
  osip_message_get_via(sip, 0, &via);
  osip_via_param_get_byname(via, "branch", &branch);
  osip_from_get_tag(sip->from, &from);
  osip_to_get_tag(sip->to, &to);
  osip_message_get_contact(sip, 0, &seven.contact);
  seven.branch = value(branch);
  seven.from = value(from);
  seven.to = value(to);
  return seven;
}

void print_fields(const char *bytes, size_t length) {
  osip_message_t *sip = made(bytes, length);
  struct seven seven = read_seven(sip);
  char *id = NULL, *url = NULL;
  if (sip->sip_method) printf("%s\n", sip->sip_method);
  else printf("%d\n", sip->status_code);
  osip_call_id_to_str(sip->call_id, &id);
  if (seven.contact) osip_uri_to_str(seven.contact->url, &url);
  printf("%s\n%s\n%s\n%s\n", shown(seven.branch), shown(seven.from), shown(seven.to), shown(id));
  printf("%s\n%s\n", sip->cseq->number, shown(url));
  osip_message_free(sip);
}

size_t read_fields(const char *bytes, size_t length) {
  osip_message_t *sip = made(bytes, length);
  struct seven seven = read_seven(sip);
  size_t sum = sip->sip_method ? size(sip->sip_method) : (size_t)sip->status_code;
  sum += size(seven.branch) + size(seven.from) + size(seven.to);
  sum += size(sip->call_id->number) + size(sip->call_id->host) + (size_t)atol(sip->cseq->number);
  if (seven.contact) {
    const osip_uri_t *url = seven.contact->url;
    sum += size(url->username) + size(url->host) + size(url->port);
    sum += (size_t)osip_list_size(&url->url_params);
  }
  osip_message_free(sip);
  return sum;
}

size_t parse(const char *bytes, size_t length) {
  osip_message_t *sip = made(bytes, length);
  size_t sum = size(sip->cseq->number);
  osip_message_free(sip);
  return sum;
}

static size_t places, params;

static void count_place(const char *host, const char *port) {
  places += size(host) + (port ? (size_t)atoi(port) : 0);
}

static void count_params(const osip_list_t *list) {
  for (int n = 0; n < osip_list_size(list); n += 1) {
    osip_generic_param_t *param = osip_list_get(list, n);
    params += size(param->gname) + size(param->gvalue);
  }
}

static void count_address(const osip_from_t *address) {
  count_place(address->url->host, address->url->port);
  count_params(&address->url->url_params);
  count_params(&address->gen_params);
}

static void count_addresses(const osip_list_t *list) {
  for (int n = 0; n < osip_list_size(list); n += 1) count_address(osip_list_get(list, n));
}

size_t deep(const char *bytes, size_t length) {
  osip_message_t *sip = made(bytes, length);
  places = params = 0;
  for (int n = 0; n < osip_list_size(&sip->vias); n += 1) {
    osip_via_t *via = osip_list_get(&sip->vias, n);
    count_place(via->host, via->port);
    count_params(&via->via_params);
  }
  count_address(sip->from);
  count_address(sip->to);
  count_addresses(&sip->contacts);
  count_addresses(&sip->routes);
  count_addresses(&sip->record_routes);
  osip_message_free(sip);
  return places * 1000000 + params;
}

void *keep(const char *bytes, size_t length) { return made(bytes, length); }

char *write_kept(void *kept, size_t *length) {
  char *text = NULL;
  /* It would give out the text of the last time. */
  osip_message_force_update(kept);
  osip_message_to_str(kept, &text, length);
  return text;
}

void drop(char *text) { osip_free(text); }
