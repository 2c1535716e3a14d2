import Model
import Testing

@Test func `an unknown key is located and corrected`() throws {
  let map = try YAMLMap(text: "title: x\ntrails: 5\n", file: "p.yaml")
  let error = #expect(throws: InputError.self) { try map.rejectUnknownKeys(["title", "trials"], in: "plan") }
  #expect(error?.description == "p.yaml:2:1: plan: unknown key 'trails'; did you mean 'trials'?")
}

@Test func `a wrong type is located`() throws {
  let map = try YAMLMap(text: "a: 1\nb: [x]\n", file: "p.yaml")
  #expect(throws: InputError.self) { try map.string("b") }
  #expect(throws: InputError.self) { try map.list("a") }
  let error = #expect(throws: InputError.self) { try map.int("b") }
  #expect(error?.location == .init(file: "p.yaml", line: 2, column: 4))
}

@Test(arguments: ["", "- a\n- b\n", "just text", "a: [1\n", "a: 1\na: 2\n", "\t: x"])
func `a text that is no mapping is refused with its place`(text: String) {
  let error = #expect(throws: InputError.self) { try YAMLMap(text: text, file: "p.yaml") }
  #expect(error?.location?.file == "p.yaml")
}
