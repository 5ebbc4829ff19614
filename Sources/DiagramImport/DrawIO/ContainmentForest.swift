/// Which shape lies in which, kept free of cycles while relations of different origin are added.
struct ContainmentForest {
  private(set) var container: [Int?]
  /// A shape on the way to the outermost container, shortened as it is used (union-find).
  private var above: [Int]

  init(count: Int) {
    container = Array(repeating: nil, count: count)
    above = Array(0..<count)
  }

  /// Puts `child` into `parent`, unless it has a container or would come to lie in itself.
  mutating func attach(_ child: Int, to parent: Int) -> Bool {
    guard container[child] == nil, outermost(of: parent) != child else { return false }
    container[child] = parent
    above[child] = parent
    return true
  }

  /// The outermost container of `shape`; `shape` itself when nothing holds it.
  mutating func outermost(of shape: Int) -> Int {
    var top = shape
    while above[top] != top { top = above[top] }
    var current = shape
    while above[current] != top, current != top {
      (above[current], current) = (top, above[current])
    }
    return top
  }
}
