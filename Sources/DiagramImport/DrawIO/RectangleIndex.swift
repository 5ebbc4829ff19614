import ArchitectureModel

/// Finds the rectangles over a point among many, without comparing with all: a grid for each size class.
///
/// A rectangle is filed under the power of two that is at least its longer side, in the grid square of its
/// top left corner; a rectangle over a point then lies in one of four squares of each size class.
struct RectangleIndex {
  private struct Square: Hashable {
    var level, column, row: Int
  }

  private let rectangles: [DrawnBounds]
  private var squares: [Square: [Int]] = [:]
  private var levels: [Int] = []

  init(_ rectangles: [DrawnBounds]) {
    self.rectangles = rectangles
    var used: Set<Int> = []
    for (index, rectangle) in rectangles.enumerated() {
      let level = Self.level(of: max(rectangle.width, rectangle.height))
      used.insert(level)
      squares[Self.square(rectangle.x, rectangle.y, level), default: []].append(index)
    }
    levels = used.sorted()
  }

  /// Calls `body` with the index of each rectangle over the point, in no order that matters, until it
  /// returns `false`. Each comparison is taken from `comparisons`; at zero the search ends.
  func visit(x: Double, y: Double, comparisons: inout Int, _ body: (Int) -> Bool) {
    for level in levels {
      let corner = Self.square(x, y, level)
      for column in (corner.column - 1)...corner.column {
        for row in (corner.row - 1)...corner.row {
          comparisons -= 1
          for index in squares[Square(level: level, column: column, row: row)] ?? [] {
            comparisons -= 1
            guard comparisons > 0 else { return }
            let candidate = rectangles[index]
            if candidate.x <= x, candidate.y <= y, x <= candidate.x + candidate.width,
              y <= candidate.y + candidate.height, !body(index)
            {
              return
            }
          }
        }
      }
    }
  }

  private static func level(of side: Double) -> Int {
    var level = 4
    while level < 50, Double(1 << level) < side { level += 1 }
    return level
  }

  private static func square(_ x: Double, _ y: Double, _ level: Int) -> Square {
    let side = Double(1 << level)
    return Square(
      level: level, column: Int((x / side).rounded(.down)), row: Int((y / side).rounded(.down)))
  }
}
