import Testing

@testable import Findings

struct QuantileTests {
  @Test func `quantiles are SciPy's, of the normal distribution and of Student's`() throws {
    let table = try ReferenceTable("quantiles").rows
    #expect(table.count == 427)
    for row in table {
      let probability = try #require(Double(row[1]))
      let expected = try #require(Double(row[2]))
      let own =
        try ReferenceTable.number(row[0]).map { freedom in
          try #require(StudentT.quantile(probability, freedom: Int(freedom)))
        } ?? Normal.quantile(probability)
      #expect(abs(own - expected) <= 1e-9 * max(1, abs(expected)), "\(row)")
    }
  }

  @Test(arguments: [1, 2, 3, 10, 39, 500])
  func `probability and quantile undo each other, on both sides`(freedom: Int) throws {
    for probability in [0.01, 0.3, 0.5, 0.7, 0.99] {
      let t = try #require(StudentT.quantile(probability, freedom: freedom))
      #expect(abs(StudentT.probability(atMost: t, freedom: freedom) - probability) < 1e-12)
      let z = Normal.quantile(probability)
      #expect(abs(Normal.probability(atMost: z) - probability) < 1e-12)
    }
  }

  @Test func `without degrees of freedom, or for no probability, there is no quantile`() {
    #expect(StudentT.quantile(0.9, freedom: 0) == nil)
    #expect(StudentT.quantile(1, freedom: 5) == nil)
    #expect(StudentT.quantile(.nan, freedom: 5) == nil)
  }
}
