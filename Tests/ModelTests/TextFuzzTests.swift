import Model
import Testing
import TestSupport

/// Values, variants and YAML from flags and files: a value or an error, and never more.
@Suite struct TextFuzzTests {
  @Test func `parameters and sizes`() {
    let seeds = [
      "16MiB", "3.5s", "1_000", "250ms", "1e3", "-5min", "0x10", "9223372036854775807", "2h", "7KiB",
    ]
    var mutator = Mutator(
      seed: 61, words: ["GiB", "MiB", "KiB", "ms", "us", "ns", "min", "h", "_", "e", "."])
    for round in 0..<Mutator.rounds {
      let text = String(decoding: mutator.damaged(Array(seeds[round % seeds.count].utf8)), as: UTF8.self)
      for type in [ParameterType.int, .bytes, .duration] {
        if let value = Quantity.parse(text, as: type) { #expect(!Quantity.text(value, as: type).isEmpty) }
      }
    }
  }

  @Test func `variants`() {
    let seeds = [
      "glibc/dynamic/jemalloc", "musl/static", "go/cgo/glibc", "glibc/preload/tcmalloc@aarch64", "musl",
    ]
    var mutator = Mutator(seed: 62, words: ["/", "static", "glibc", "go", "@", "preload"])
    for round in 0..<Mutator.rounds {
      let text = String(decoding: mutator.damaged(Array(seeds[round % seeds.count].utf8)), as: UTF8.self)
      // What is understood is understood again from its own name.
      if let variant = try? Variant(parsing: text) {
        #expect((try? Variant(parsing: "\(variant)")) == variant, "\(text)")
      }
    }
  }

  @Test func `YAML`() {
    let seed = Array(
      "a: 1\nb: [x, 'y', \"z\"]\nc: &n {d: 2.5, e: true}\nf: *n\ng: |\n  text\n  more\nh: 0x1F\n".utf8)
    var mutator = Mutator(
      seed: 63, words: ["- ", ": ", "&n ", "*n", "? ", "!!int ", "|", ">-", "{", "}", "<<: *n\n"])
    for _ in 0..<Mutator.rounds {
      let text = String(decoding: mutator.damaged(seed), as: UTF8.self)
      guard let map = try? YAMLMap(text: text, file: "f") else { continue }
      for key in ["a", "b", "c", "d", "f", "g", "h"] {
        _ = try? map.int(key)
        _ = try? map.double(key)
        _ = try? map.strings(key)
        _ = try? map.map(key)
        _ = map.place(of: key)
      }
    }
  }

  @Test func `redaction of any document stays a document`() throws {
    let seed = Array(
      #"{"name":"API_TOKEN","value":"abcdef","a":["--password","x","/srv/a/b c"],"n":[1.5e3,null,true],"t":"A=\"q\" \u00e9\n"}"#
        .utf8)
    var mutator = Mutator(seed: 64, words: ["\\", "\\u", "\"", "/root/x", "KEY_A=", "://u:p@"])
    let redaction = Redaction(host: "build-7", user: "mara", home: "/home/mara")
    for _ in 0..<Mutator.rounds {
      let text = String(decoding: mutator.damaged(seed), as: UTF8.self)
      _ = redaction.text(text)
      _ = redaction.json(text)
    }
  }
}
