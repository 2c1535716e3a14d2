import Testing

@testable import Probes

@Suite struct MappedFileTableTests {
  private let table = MappedFileTable(
    Array(
      """
      55d0c0000000-55d0c0002000 r--p 00000000 fe:01 1048 /tmp/a name with blanks
      55d0c0002000-55d0c0003000 r-xp 00002000 fe:01 1048 /tmp/a name with blanks
      this is no mapping
      55d0c1000000-55d0c1021000 rw-p 00000000 00:00 0    [heap]
      7f0000000000-7f0000021000 rw-p 00000000 00:00 0
      7f0000030000-7f0000020000 r--p 00000000 fe:01 7    /tmp/backwards
      7f0000100000-7f0000120000 r--p 00000000 fe:01 9    /usr/lib/libc.so.6
      7f0000120000-7f0000121000 r--p 00020000 fe:01 1048 /tmp/a name with blanks
      ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]
      """.utf8))

  @Test func `files are listed once, in the order of addresses`() {
    #expect(table.files == ["/tmp/a name with blanks", "/usr/lib/libc.so.6"])
  }

  @Test func `an address belongs to the mapping that holds it`() {
    #expect(table.file(at: 0x55d0_c000_2000) == "/tmp/a name with blanks")
    #expect(table.file(at: 0x55d0_c000_2fff) == "/tmp/a name with blanks")
    #expect(table.file(at: 0x55d0_c000_3000) == nil)
    #expect(table.file(at: 0x7f00_0010_0000) == "/usr/lib/libc.so.6")
    #expect(table.file(at: 0x7f00_0000_0000) == nil)
    #expect(table.isMapped(0x7f00_0000_0000))
    #expect(!table.isMapped(0))
    #expect(!table.isMapped(.max))
  }

  @Test func `preloads are read from an environment, unless it was written over`() {
    func read(_ text: String) -> [String]? { Preloads.parse(Array(text.utf8)) }
    #expect(read("A=b\0LD_PRELOAD=/a.so:/b.so /c.so\0") == ["/a.so", "/b.so", "/c.so"])
    #expect(read("A=b\0NOT_LD_PRELOAD=x\0") == [])
    #expect(read("") == [])
    #expect(read("nginx: worker process\0\0\0") == nil)
    #expect(read("\0\0\0\0") == nil)
  }
}
