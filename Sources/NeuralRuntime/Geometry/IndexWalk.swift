/// Positions of a strided walk through a flat array: the arithmetic behind every rearrangement.
enum IndexWalk {
  /// Row-major strides of a shape.
  static func strides(_ shape: [Int]) -> [Int] {
    var strides = shape
    var stride = 1
    for axis in shape.indices.reversed() {
      strides[axis] = stride
      stride *= shape[axis]
    }
    return strides
  }

  /// `offset + Σ indexₐ · strides[a]` for every index of `shape`, in row-major order.
  static func positions(_ shape: [Int], strides: [Int], offset: Int = 0) -> [Int] {
    let count = shape.reduce(1, *)
    var result: [Int] = []
    guard count > 0 else { return result }
    result.reserveCapacity(count)
    var counters = [Int](repeating: 0, count: shape.count)
    var position = offset
    while true {
      result.append(position)
      var axis = shape.count - 1
      while axis >= 0 {
        counters[axis] += 1
        position += strides[axis]
        if counters[axis] < shape[axis] { break }
        position -= strides[axis] * shape[axis]
        counters[axis] = 0
        axis -= 1
      }
      if axis < 0 { return result }
    }
  }

  /// Calls `body` with every index of `shape`, in row-major order.
  static func forEachIndex(_ shape: [Int], _ body: ([Int]) -> Void) {
    guard !shape.contains(0) else { return }
    var index = [Int](repeating: 0, count: shape.count)
    while true {
      body(index)
      var axis = shape.count - 1
      while axis >= 0 {
        index[axis] += 1
        if index[axis] < shape[axis] { break }
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }

  /// How a tensor is read under a larger shape by broadcasting: strides with 0 for repeated axes; nil where
  /// it does not fit.
  static func broadcastStrides(_ shape: [Int], to target: [Int]) -> [Int]? {
    guard shape.count <= target.count else { return nil }
    let missing = target.count - shape.count
    let own = strides(shape)
    var result = [Int](repeating: 0, count: target.count)
    for axis in shape.indices where shape[axis] != 1 {
      guard shape[axis] == target[axis + missing] else { return nil }
      result[axis + missing] = own[axis]
    }
    return result
  }

  /// The shape of operands read side by side under NumPy's rules; nil where they do not fit.
  static func broadcastShape(_ shapes: [[Int]]) -> [Int]? {
    var result: [Int] = []
    for shape in shapes {
      guard let both = Broadcasting(result, shape) else { return nil }
      result = both.shape
    }
    return result
  }

  /// A shape cut at an axis: the product before it, the axis, the product after it.
  static func split(_ shape: [Int], at axis: Int) -> (outer: Int, length: Int, inner: Int) {
    (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
  }
}
