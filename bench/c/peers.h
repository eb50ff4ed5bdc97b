/* What the driver asks of a C parser; each is a program of its own, for where only one of them is installed. */
#include <stddef.h>

/* Method or status, Via branch, From tag, To tag, Call-ID, CSeq number, Contact URI; each ended by a newline. */
void print_fields(const char *bytes, size_t length);
/* The same as numbers: something of each of the fields, so that none of them is left unread. */
size_t read_fields(const char *bytes, size_t length);
size_t parse(const char *bytes, size_t length);
/* Places (hosts and ports) times 1,000,000, and parameters: see deep.ts. */
size_t deep(const char *bytes, size_t length);
/* Parsed once and for all, to be written many times. */
void *keep(const char *bytes, size_t length);
/* The text of a kept message, to be freed by `drop`. */
char *write_kept(void *kept, size_t *length);
void drop(char *text);
void start(void);
