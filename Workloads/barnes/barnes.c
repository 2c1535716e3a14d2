/* barnes: a few large allocations, then nothing but pointer chasing. The control: allocators must tie.
 *
 * What an allocator does decide is where in a page a block begins and whether huge pages may back it. Both
 * change the speed of the chase, so both are taken out: nodes start at the first page boundary in a block,
 * the kernel is asked for ordinary pages, and the chase stays in a page for some turns before it goes on. */
#include "workload.h"

#define PAGE 4096u
#define MAX_BLOCKS 100

/* One cache line on most machines. */
struct node {
  struct node *next; /* in this page: a ring */
  struct node *far;  /* the same place in another page: a ring through all pages */
  uint64_t value;
  uint64_t unused[5];
};

#define NODES_A_PAGE (PAGE / sizeof(struct node))

static unsigned char *blocks[MAX_BLOCKS];
static uint64_t block_count, block_bytes, pages_a_block, page_count;

/* The first page boundary after the block's first word. */
static unsigned char *aligned(unsigned char *block) { return block + PAGE - (uintptr_t)block % PAGE; }

/* In the first word and the last byte of a block, where no node has a field. */
static uint64_t seal(uint64_t index) { return (index + 1) * UINT64_C(0x9E3779B97F4A7C15); }

static void allocate_blocks(void) {
  for (uint64_t i = 0; i < block_count; i++) {
    blocks[i] = hs_malloc(block_bytes);
    /* Refused for memory that has only huge pages; the chase bears that. */
    madvise(aligned(blocks[i]), pages_a_block * PAGE, MADV_NOHUGEPAGE);
    uint64_t word = seal(i);
    hs_touch(blocks[i], block_bytes, (unsigned char)word);
    memcpy(blocks[i], &word, sizeof word);
  }
}

static struct node *nodes_of_page(uint64_t page) {
  return (struct node *)(aligned(blocks[page / pages_a_block]) + page % pages_a_block * PAGE);
}

/* Makes one ring of the nodes of a page, and points each at its like in another page. The ring is in the
 * order of addresses: with a random one, whose order prefetchers learn or do not, the same code differed by
 * 10 % between linkages. */
static void link_page(uint64_t page, uint64_t far_page) {
  struct node *nodes = nodes_of_page(page), *far = nodes_of_page(far_page);
  for (uint64_t i = 0; i < NODES_A_PAGE; i++) {
    nodes[i].next = &nodes[(i + 1) % NODES_A_PAGE];
    nodes[i].far = &far[i];
    nodes[i].value = page * NODES_A_PAGE + i;
  }
}

static uint64_t common_divisor(uint64_t a, uint64_t b) { return b ? common_divisor(b, a % b) : a; }

/* Pages follow each other by a stride without a common divisor with their number: each is visited once a lap,
 * and no table is needed. */
static void link_all(uint64_t seed) {
  struct hs_random random = hs_random_seeded(seed, 0);
  uint64_t stride = hs_random_between(&random, page_count / 3, page_count / 2);
  while (common_divisor(stride, page_count) != 1) stride++;
  for (uint64_t page = 0; page < page_count; page++) link_page(page, (page + stride) % page_count);
}

static uint64_t chase(const struct node *first, uint64_t pages, uint64_t turns) {
  const struct node *node = first;
  uint64_t sum = 0;
  for (uint64_t i = 0; i < pages; i++) {
    for (uint64_t steps = turns * NODES_A_PAGE; steps > 0; steps--) {
      sum += node->value;
      node = node->next;
    }
    node = node->far;
  }
  if (node != first) hs_wrong("the ring of nodes was damaged");
  return sum;
}

static void free_blocks(void) {
  for (uint64_t i = 0; i < block_count; i++) {
    uint64_t word;
    memcpy(&word, blocks[i], sizeof word);
    if (word != seal(i)) hs_wrong("the first word of a block was damaged");
    if (blocks[i][block_bytes - 1] != (unsigned char)word) hs_wrong("the last byte of a block was damaged");
    hs_free(blocks[i], block_bytes);
  }
}

int main(int argc, char **argv) {
  hs_start(argc, argv);
  block_count = (uint64_t)hs_int("blocks");
  block_bytes = (uint64_t)hs_int("bytes") / block_count;
  pages_a_block = block_bytes / PAGE - 1;
  page_count = block_count * pages_a_block;
  uint64_t laps = (uint64_t)hs_int("laps"), turns = (uint64_t)hs_int("turns");
  uint64_t nodes = page_count * NODES_A_PAGE;

  hs_phase(HS_PHASE_WARMUP);
  allocate_blocks();
  link_all((uint64_t)hs_int("seed"));
  hs_phase(HS_PHASE_STEADY);
  uint64_t answer = chase(nodes_of_page(0), laps * page_count, turns);
  hs_phase(HS_PHASE_DRAIN);
  free_blocks();
  hs_idle(hs_int("idle"));
  return hs_finish(answer, laps * turns * (nodes * (nodes - 1) / 2));
}
