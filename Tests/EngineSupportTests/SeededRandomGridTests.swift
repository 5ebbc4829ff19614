import EngineSupport
import Testing

@Suite struct SeededRandomGridTests {
  @Test func aCellIsTheSameInWhateverOrderItIsAskedFor() {
    let root = SeededRandom(seed: 7)
    var forwards: [UInt64] = []
    for row in 0..<8 {
      for cell in 0..<8 {
        var random = root.row(row).cell(cell)
        forwards.append(random.next())
      }
    }
    for index in forwards.indices.reversed() {
      var random = root.row(index / 8).cell(index % 8)
      #expect(random.next() == forwards[index])
    }
    #expect(Set(forwards).count == 64)
  }

  /// The bits are part of every recorded result.
  @Test func theBitsAreThese() {
    var random = SeededRandom(seed: 42).row(3).cell(5)
    #expect(random.next() == SeededRandomGridTests.known[0])
    #expect(random.next() == SeededRandomGridTests.known[1])
    #expect(random.next() == SeededRandomGridTests.known[2])
  }
  private static let known: [UInt64] = [
    4_114_056_697_266_893_661, 7_580_046_582_228_593_197, 17_692_309_259_266_587_511,
  ]

  @Test func rowsAreNotTheRootsOwnNumbers() {
    var root = SeededRandom(seed: 42)
    let own = Set((0..<64).map { _ in root.next() })
    var other = SeededRandom(seed: 42).stream("label", 0)
    let named = Set((0..<64).map { _ in other.next() })
    for row in 0..<16 {
      var cell = SeededRandom(seed: 42).row(row).cell(0)
      let value = cell.next()
      #expect(!own.contains(value) && !named.contains(value))
    }
  }

  @Test func neighboursAreUnrelated() {
    // Correlation of neighbouring cells and of neighbouring rows; 4 standard errors are 4 / √n.
    let root = SeededRandom(seed: 1)
    let count = 40_000
    var sums = (mean: 0.0, cells: 0.0, rows: 0.0)
    for index in 0..<count {
      func value(_ row: Int, _ cell: Int) -> Double {
        var random = root.row(row).cell(cell)
        return (random.uniform() - 0.5) * 3.4641016151377544
      }
      let (row, cell) = (index / 200, index % 200)
      let here = value(row, cell)
      sums.mean += here
      sums.cells += here * value(row, cell + 1)
      sums.rows += here * value(row + 1, cell)
    }
    let bound = 4 * Double(count).squareRoot()
    #expect(abs(sums.mean) < bound && abs(sums.cells) < bound && abs(sums.rows) < bound)
  }
}
