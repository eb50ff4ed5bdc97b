/* sofia-sip's parser: `msg_make` reads all headers that the library knows. */
#include "peers.h"

#include <sofia-sip/msg.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/msg_header.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/su_alloc.h>
#include <sofia-sip/url.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static su_home_t *home;

void start(void) { home = su_home_create(); }

static msg_t *made(const char *bytes, size_t length) {
  return msg_make(sip_default_mclass(), 0, bytes, (ssize_t)length);
}

static size_t size(const char *text) { return text ? strlen(text) : 0; }
static const char *shown(const char *text) { return text ? text : ""; }

void print_fields(const char *bytes, size_t length) {
  msg_t *msg = made(bytes, length);
  sip_t *sip = sip_object(msg);
  if (sip->sip_request) printf("%s\n", sip->sip_request->rq_method_name);
  else printf("%d\n", sip->sip_status->st_status);
  printf("%s\n%s\n", shown(sip->sip_via->v_branch), shown(sip->sip_from->a_tag));
  printf("%s\n%s\n", shown(sip->sip_to->a_tag), sip->sip_call_id->i_id);
  printf("%u\n", (unsigned)sip->sip_cseq->cs_seq);
  printf("%s\n", sip->sip_contact ? url_as_string(home, sip->sip_contact->m_url) : "");
  msg_destroy(msg);
}

size_t read_fields(const char *bytes, size_t length) {
  msg_t *msg = made(bytes, length);
  sip_t *sip = sip_object(msg);
  size_t sum = sip->sip_request ? size(sip->sip_request->rq_method_name)
                                : (size_t)sip->sip_status->st_status;
  sum += size(sip->sip_via->v_branch) + size(sip->sip_from->a_tag) + size(sip->sip_to->a_tag);
  sum += size(sip->sip_call_id->i_id) + sip->sip_cseq->cs_seq;
  if (sip->sip_contact) {
    const url_t *url = sip->sip_contact->m_url;
    sum += size(url->url_user) + size(url->url_host) + size(url->url_port) + size(url->url_params);
  }
  msg_destroy(msg);
  return sum;
}

size_t parse(const char *bytes, size_t length) {
  msg_t *msg = made(bytes, length);
  size_t sum = sip_object(msg)->sip_cseq->cs_seq;
  msg_destroy(msg);
  return sum;
}

static size_t places, params;

static void count_place(const char *host, const char *port) {
  places += size(host) + (port ? (size_t)atoi(port) : 0);
}

static void count_params(const msg_param_t *list) {
  for (; list && *list; list += 1) params += strlen(*list) - (strchr(*list, '=') != NULL);
}

static void count_url(const url_t *url) {
  count_place(url->url_host, url->url_port);
  for (const char *at = url->url_params; at && *at; at += 1) params += *at != '=' && *at != ';';
}

size_t deep(const char *bytes, size_t length) {
  msg_t *msg = made(bytes, length);
  sip_t *sip = sip_object(msg);
  places = params = 0;
  for (sip_via_t *via = sip->sip_via; via; via = via->v_next) {
    count_place(via->v_host, via->v_port);
    count_params(via->v_params);
  }
  count_url(sip->sip_from->a_url);
  count_params(sip->sip_from->a_params);
  count_url(sip->sip_to->a_url);
  count_params(sip->sip_to->a_params);
  for (sip_contact_t *contact = sip->sip_contact; contact; contact = contact->m_next) {
    count_url(contact->m_url);
    count_params(contact->m_params);
  }
  for (sip_route_t *route = sip->sip_route; route; route = route->r_next) {
    count_url(route->r_url);
    count_params(route->r_params);
  }
  for (sip_record_route_t *route = sip->sip_record_route; route; route = route->r_next) {
    count_url(route->r_url);
    count_params(route->r_params);
  }
  msg_destroy(msg);
  return places * 1000000 + params;
}

void *keep(const char *bytes, size_t length) { return made(bytes, length); }

/* Into a buffer that is there, as its transports do: `msg_as_string` would grow one for each. */
char *write_kept(void *kept, size_t *length) {
  static char buffer[65536];
  *length = (size_t)msg_object_e(buffer, sizeof buffer, msg_object(kept), 0);
  return buffer;
}

void drop(char *text) { (void)text; }
