/// What valgrind 3.19 wrote of a small program, shortened by whole functions; its sums are adapted.
enum SimulationRecordings {
  static let cachegrind = """
    desc: I1 cache:         32768 B, 64 B, 8-way associative
    desc: D1 cache:         32768 B, 64 B, 8-way associative
    desc: LL cache:         8388608 B, 64 B, 16-way associative
    cmd: ./tiny
    events: Ir I1mr ILmr Dr D1mr DLmr Dw D1mw DLmw\u{20}
    fl=./crt/crt1.c
    fn=_start_c
    17 1 0 0 0 0 0 0 0 0
    18 6 1 1 1 1 1 0 0 0
    fl=???
    fn=???
    0 68 9 9 15 1 1 8 2 2
    fn=__unlock
    0 24 1 1 12 0 0 0 0 0
    fn=__libc_free
    0 318 8 8 63 0 0 42 0 0
    fn=free
    0 3 1 1 0 0 0 0 0 0
    fn=main
    0 23 0 0 2 0 0 7 0 0
    summary: 443 20 20 93 2 2 57 2 2

    """

  /// `__unlock` is called from the allocator (12 instructions) and from elsewhere (36); names are compressed, calls
  /// stand among the caller's own lines, and one function calls itself.
  static let callgrind = """
    # callgrind format
    version: 1
    creator: callgrind-3.19.0
    pid: 27901
    cmd:  ./tiny
    part: 1


    desc: I1 cache: 32768 B, 64 B, 8-way associative

    desc: Timerange: Basic block 0 - 1412
    desc: Trigger: Program termination

    positions: line
    events: Ir Dr Dw I1mr D1mr D1mw ILmr DLmr DLmw
    summary: 463 87 63 9 2 2 9 2 2


    ob=(1) /opt/a folder/tiny
    fl=(2) ./crt/crt1.c
    fn=(2) _start_c
    17 1
    +1 6 1 0 1 1 0 1 1
    cfi=(1) ???
    cfn=(4) main
    calls=1 -18
    * 386 70 55

    fl=(1)
    fn=(12) 0x00000000004039b3
    0 68 15 8 9 1 2 9 1 2

    fn=(4)
    0 5 0 3
    cfn=(6) free
    calls=3 0
    0 333 63 46
    0 18 2 4
    cfn=(8) __unlock
    calls=9 0
    0 36 6 3

    fn=(6)
    0 3
    cfn=(10) __libc_free
    calls=3 0
    0 330 63 46
    jump=3 0
    0

    fn=(10)
    0 300 57 40
    cfn=(8)
    calls=3 0
    0 12 6
    cfn=(11) __libc_free'2
    calls=1 0
    0 18 6 2

    fn=(11)
    0 18 6 2

    fn=(8)
    0 24 6 6

    totals: 443 87 63 10 2 2 10 2 2

    """
}
