/*
 * Times a C parser for a driver on the other side of a pipe, which so takes turns with the parsers of its own.
 *
 * Argument: a file of messages, each behind its length (32 bits, little-endian). Each line of input is one job,
 * `task first step count loops`, answered by a line: microseconds of CPU a message. `check n` is answered by the
 * fields of message n and its deep sum, `text n` by the hexadecimal octets of message n as written.
 */
#include "peers.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST = 4096 };

static const char *bytes[MOST];
static size_t lengths[MOST];
static void *kept[MOST];
static int total;
static volatile size_t sink;

static void load(const char *path) {
  FILE *file = fopen(path, "rb");
  uint32_t length;
  if (!file) exit(2);
  while (total < MOST && fread(&length, sizeof length, 1, file) == 1) {
    char *text = malloc(length + 1);
    if (!text || fread(text, 1, length, file) != length) exit(2);
    text[length] = 0;
    bytes[total] = text;
    lengths[total] = length;
    total += 1;
  }
  fclose(file);
}

static size_t written(int at) {
  size_t length = 0;
  if (!kept[at]) kept[at] = keep(bytes[at], lengths[at]);
  drop(write_kept(kept[at], &length));
  return length;
}

static double now(void) {
  struct timespec at;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
  return at.tv_sec * 1e6 + at.tv_nsec / 1e3;
}

static double timed(const char *task, int first, int step, int count, int loops) {
  double began = now();
  for (int loop = 0; loop < loops; loop += 1) {
    for (int n = 0, at = first; n < count; n += 1, at += step) {
      switch (task[0]) {
        case 'p': sink += parse(bytes[at], lengths[at]); break;
        case 'f': sink += read_fields(bytes[at], lengths[at]); break;
        case 'd': sink += deep(bytes[at], lengths[at]); break;
        default: sink += written(at); break;
      }
    }
  }
  return (now() - began) / ((double)loops * count);
}

int main(int argc, char **argv) {
  char line[256], task[32];
  int first, step, count, loops;
  if (argc < 2) return 2;
  load(argv[1]);
  start();
  while (fgets(line, sizeof line, stdin)) {
    if (sscanf(line, "check %d", &first) == 1) {
      print_fields(bytes[first], lengths[first]);
      printf("%zu\n", deep(bytes[first], lengths[first]));
    } else if (sscanf(line, "text %d", &first) == 1) {
      size_t length = 0;
      kept[first] = keep(bytes[first], lengths[first]);
      char *text = write_kept(kept[first], &length);
      for (size_t n = 0; n < length; n += 1) printf("%02x", (unsigned char)text[n]);
      printf("\n");
      drop(text);
    } else if (sscanf(line, "%31s %d %d %d %d", task, &first, &step, &count, &loops) == 5) {
      printf("%.6f\n", timed(task, first, step, count, loops));
    } else {
      return 3;
    }
    fflush(stdout);
  }
  return 0;
}
