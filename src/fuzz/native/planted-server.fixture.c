/*
 * SPDX-License-Identifier: MIT
 *
 * A server with faults that fuzzing has to find: planted-server PORT [FAULT...] listens on 127.0.0.1 and speaks a protocol
 * of lines, `WORD argument`, each answered by a line that begins with a number of three digits. It lives on from
 * connection to connection. Faults are there when they are named:
 *
 *   overflow   seven lines deep: HELO, USER, PASS, MAKE, OPEN, MODE B, then PUT with more than 64 octets
 *   hang       WAIT with an argument that begins with a minus, after USER, never ends
 *   leak       KEEP, after USER, keeps 256 KiB for ever
 *   files      HOLD, after USER, opens a file that is never closed
 *   crossing   STAT reads the box that DROP has freed, where another connection had made it
 *   exit       QUIT with an argument ends it all, in good order
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS = 64, LINE = 512, ROOM = 64 };

struct connection {
  int fd;
  int number;
  size_t length;
  /* How far it has come: greeted, user, password, box made, box open. */
  int depth;
  int binary;
  char box[ROOM];
  char line[LINE];
};

struct box {
  int made_by;
  char name[ROOM];
};

static struct connection connections[CONNECTIONS];
static struct box *kept;
static int kept_is_free;
static int opened;
static char **faults;
static volatile int spin = 1;
static void *held;

static int has(const char *fault) {
  for (char **one = faults; *one != NULL; one++)
    if (strcmp(*one, fault) == 0) return 1;
  return 0;
}

static void say(struct connection *at, const char *text) {
  char answer[ROOM];
  int length = snprintf(answer, sizeof answer, "%s\r\n", text);
  if (send(at->fd, answer, (size_t)length, MSG_NOSIGNAL) < 0) return;
}

/* The fault that takes seven lines to reach. */
static void put(struct connection *at, const char *data) {
  size_t length = strlen(data);
  char *room = malloc(ROOM);
  if (has("overflow") || length <= ROOM) memcpy(room, data, length);
  say(at, room[0] == '\0' ? "226 nothing put" : "226 put");
  free(room);
}

static void make(struct connection *at, const char *name) {
  if (kept != NULL && !kept_is_free) free(kept);
  kept = calloc(1, sizeof *kept);
  kept_is_free = 0;
  kept->made_by = at->number;
  strncpy(kept->name, name, ROOM - 1);
  strncpy(at->box, name, ROOM - 1);
  at->depth = 4;
  say(at, "257 made");
}

static void stat_box(struct connection *at) {
  if (kept == NULL) {
    say(at, "450 no box");
    return;
  }
  if (kept_is_free && !has("crossing")) {
    say(at, "450 dropped");
    return;
  }
  say(at, kept->name[0] == '/' ? "213 of all" : "213 of one");
}

static void drop(struct connection *at) {
  if (kept == NULL || kept_is_free || kept->made_by == at->number) {
    say(at, "450 nothing of others");
    return;
  }
  free(kept);
  kept_is_free = 1;
  if (!has("crossing")) kept = NULL;
  say(at, "250 dropped");
}

/* Whether the connection goes on. */
static int obey(struct connection *at, char *line) {
  char *argument = strchr(line, ' ');
  if (argument != NULL) *argument++ = '\0';
  else argument = line + strlen(line);
  const char *word = line;
  if (strcasecmp(word, "HELO") == 0) {
    if (*argument == '\0') return say(at, "501 who"), 1;
    at->depth = 1;
    say(at, "250 hello");
  } else if (strcasecmp(word, "USER") == 0) {
    if (at->depth < 1) return say(at, "503 first HELO"), 1;
    at->depth = 2;
    say(at, "331 password");
  } else if (strcasecmp(word, "PASS") == 0) {
    if (at->depth != 2) return say(at, "503 first USER"), 1;
    at->depth = 3;
    say(at, "230 in");
  } else if (strcasecmp(word, "MAKE") == 0) {
    if (at->depth < 3) return say(at, "530 first PASS"), 1;
    make(at, argument);
  } else if (strcasecmp(word, "OPEN") == 0) {
    if (at->depth < 4) return say(at, "530 first MAKE"), 1;
    if (strcmp(argument, at->box) != 0) return say(at, "550 no such box"), 1;
    at->depth = 5;
    say(at, "250 open");
  } else if (strcasecmp(word, "MODE") == 0) {
    if (at->depth < 5) return say(at, "530 first OPEN"), 1;
    at->binary = *argument == 'B';
    say(at, at->binary ? "200 octets" : "200 text");
  } else if (strcasecmp(word, "PUT") == 0) {
    if (at->depth < 5) return say(at, "530 first OPEN"), 1;
    if (!at->binary) return say(at, "226 text"), 1;
    put(at, argument);
  } else if (strcasecmp(word, "STAT") == 0) {
    stat_box(at);
  } else if (strcasecmp(word, "DROP") == 0) {
    drop(at);
  } else if (strcasecmp(word, "WAIT") == 0 && at->depth >= 2) {
    while (has("hang") && *argument == '-' && spin) continue;
    say(at, "200 waited");
  } else if (strcasecmp(word, "KEEP") == 0 && at->depth >= 2) {
    if (has("leak")) {
      held = malloc(256 << 10);
      memset(held, 'x', 256 << 10);
    }
    say(at, "200 kept");
  } else if (strcasecmp(word, "HOLD") == 0 && at->depth >= 2) {
    if (has("files") && open("/dev/null", O_RDONLY) < 0) return say(at, "452 no more"), 1;
    say(at, "200 held");
  } else if (strcasecmp(word, "NOOP") == 0) {
    say(at, "200 nothing");
  } else if (strcasecmp(word, "QUIT") == 0) {
    if (has("exit") && *argument != '\0') exit(0);
    say(at, "221 bye");
    return 0;
  } else {
    say(at, "500 what");
  }
  return 1;
}

static void leave(struct connection *at) {
  close(at->fd);
  at->fd = -1;
}

static void hear(struct connection *at) {
  ssize_t count = recv(at->fd, at->line + at->length, LINE - 1 - at->length, 0);
  if (count <= 0) {
    leave(at);
    return;
  }
  at->length += (size_t)count;
  for (;;) {
    char *end = memchr(at->line, '\n', at->length);
    if (end == NULL) break;
    char line[LINE];
    size_t length = (size_t)(end - at->line);
    memcpy(line, at->line, length);
    line[length] = '\0';
    if (length > 0 && line[length - 1] == '\r') line[length - 1] = '\0';
    at->length -= length + 1;
    memmove(at->line, end + 1, at->length);
    if (!obey(at, line)) {
      leave(at);
      return;
    }
  }
  if (at->length == LINE - 1) {
    say(at, "500 too long");
    leave(at);
  }
}

static void meet(int listener) {
  int fd = accept(listener, NULL, NULL);
  if (fd < 0) return;
  for (int i = 0; i < CONNECTIONS; i++) {
    if (connections[i].fd >= 0) continue;
    memset(&connections[i], 0, sizeof connections[i]);
    connections[i].fd = fd;
    connections[i].number = ++opened;
    return;
  }
  close(fd);
}

/* In good order, so that leaks are looked for. */
static void leave_all(int signal) {
  (void)signal;
  exit(0);
}

int main(int count, char **words) {
  if (count < 2) return fprintf(stderr, "planted-server PORT [FAULT...]\n"), 2;
  faults = words + 2;
  signal(SIGTERM, leave_all);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  int yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(words[1]))};
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, (struct sockaddr *)&where, sizeof where) != 0 || listen(listener, 128) != 0) {
    perror("bind");
    return 98;
  }
  for (int i = 0; i < CONNECTIONS; i++) connections[i].fd = -1;
  fprintf(stderr, "listening\n");
  for (;;) {
    struct pollfd wanted[CONNECTIONS + 1];
    struct connection *whose[CONNECTIONS + 1];
    nfds_t number = 0;
    wanted[number++] = (struct pollfd){.fd = listener, .events = POLLIN};
    for (int i = 0; i < CONNECTIONS; i++) {
      if (connections[i].fd < 0) continue;
      whose[number] = &connections[i];
      wanted[number++] = (struct pollfd){.fd = connections[i].fd, .events = POLLIN};
    }
    if (poll(wanted, number, -1) < 0 && errno != EINTR) return 1;
    for (nfds_t i = 1; i < number; i++)
      if (wanted[i].revents != 0) hear(whose[i]);
    if (wanted[0].revents != 0) meet(listener);
  }
}
