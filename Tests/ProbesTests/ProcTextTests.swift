import Model
import Testing

@testable import Probes

@Test func `status fields are read in KiB`() {
  let text = Array("Name:\tx\nVmPeak:\t  5000 kB\nVmHWM:\t  1234 kB\nVmRSS:\t   900 kB\n".utf8)
  #expect(ProcText.kibibytes("VmHWM", in: text) == .kibibytes(1234))
  #expect(ProcText.kibibytes("VmSwap", in: text) == nil)
}

@Test func `a process called after a field does not confuse the reader`() {
  let text = Array("Name:\tVmHWM: 1 kB\nVmHWM:\t 7 kB\n".utf8)
  #expect(ProcText.kibibytes("VmHWM", in: text) == .kibibytes(7))
}

@Test func `a field that is cut, empty or too large has no value`() {
  for text in [
    "VmHWM", "VmHWM:", "VmHWM:\t kB", "VmHWM:\t 99999999999999999999 kB", "VmHWM:\t 9223372036854775807 kB",
    "",
  ] {
    #expect(ProcText.kibibytes("VmHWM", in: Array(text.utf8)) == nil)
  }
  #expect(ProcText.kibibytes("VmHWM", in: Array("VmHWM:\t 7".utf8)) == .kibibytes(7))
  let counters = Array("nr_free_pages 5\noom_kill_x 9\noom_kill 3\n".utf8)
  #expect(ProcText.count("oom_kill", in: counters) == 3)
  #expect(ProcText.count("oom", in: counters) == nil)
}

@Test func `a file is read whole, or as much of it as is wanted`() throws {
  let whole = try #require(ProcText.bytes("/proc/self/environ"))
  #expect(ProcText.bytes("/proc/self/environ", atMost: 5) == Array(whole.prefix(5)))
  #expect(ProcText.bytes("/proc/nothing") == nil)
  #expect(ProcText.bytes("/proc/self") == nil)
}

@Test func `resident is the second field of statm`() {
  #expect(ProcText.secondNumber(in: Array("1000 250 30 5 0 100 0\n".utf8)[...]) == 250)
  #expect(ProcText.secondNumber(in: Array("1000".utf8)[...]) == nil)
}

@Test func `mapped files are listed once, with blanks in their names`() {
  let maps = """
    55d0-55d1 r--p 00000000 fe:00 123                        /usr/bin/my app
    55d1-55d2 r-xp 00001000 fe:00 123                        /usr/bin/my app
    7f00-7f01 rw-p 00000000 00:00 0
    7f01-7f02 r-xp 00000000 fe:00 99                         /usr/lib/libjemalloc.so.2
    7ffd-7ffe rw-p 00000000 00:00 0                          [stack]

    """
  #expect(ProcessMaps.files(Array(maps.utf8)) == ["/usr/bin/my app", "/usr/lib/libjemalloc.so.2"])
}

@Test func `the beginning and the end of standard error are kept`() {
  let tail = StandardErrorTail()
  tail.append(Array("begin".utf8)[...])
  for _ in 0..<100 { tail.append(Array(repeating: UInt8(ascii: "m"), count: 1000)[...]) }
  tail.append(Array("end".utf8)[...])
  #expect(tail.text.hasPrefix("begin"))
  #expect(tail.text.hasSuffix("end"))
  #expect(tail.text.contains("bytes left out"))
  #expect(tail.total == 100_008)
}

@Test func `missed ticks are counted, not interpolated`() {
  var sampler = CurveSampler(rateHz: 100, timeLimit: Nanoseconds(seconds: 1))
  sampler.start(at: 0)
  #expect(sampler.isDue(now: 0))
  sampler.advance(now: 0)
  sampler.append(now: 0, resident: Bytes(1), live: nil)
  #expect(!sampler.isDue(now: 9_999_999))
  sampler.advance(now: 35_000_000)
  sampler.append(now: 35_000_000, resident: Bytes(2), live: nil)
  #expect(sampler.missedTicks == 2)
  #expect(sampler.samples.map(\.time.count) == [0, 35_000_000])
  #expect(sampler.wait(now: 36_000_000) == 4_000_000)
}
