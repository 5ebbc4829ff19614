import AssessmentPipeline
import ModelTesting
import Testing

@Suite struct OrderedConcurrencyTests {
  private struct Odd: Error, Equatable { var value: Int }

  @Test(arguments: [1, 2, 3, 8, 64]) func resultsStandInItemOrder(_ width: Int) throws {
    let items = Array(0..<500)
    #expect(try OrderedConcurrency(width: width).map(items) { $0 * $0 } == items.map { $0 * $0 })
    #expect(try OrderedConcurrency(width: width).map([Int]()) { $0 }.isEmpty)
  }

  @Test(arguments: [1, 2, 8]) func theFirstErrorInItemOrderIsThrown(_ width: Int) {
    #expect(throws: Odd(value: 3)) {
      try OrderedConcurrency(width: width).map(Array(0..<100)) { item in
        if item % 2 == 1, item >= 3 { throw Odd(value: item) }
        return item
      }
    }
  }
}
