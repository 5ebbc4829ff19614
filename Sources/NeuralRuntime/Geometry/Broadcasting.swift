/// How two tensors of different shapes are read side by side under NumPy's broadcasting rules.
///
/// Source: ONNX specification, "Multidirectional Broadcasting".
struct Broadcasting {
  let shape: [Int]
  /// Axes from the outermost on, neighbours that both operands walk evenly merged into one.
  private(set) var axes: [(count: Int, left: Int, right: Int)] = []

  /// nil where the shapes do not fit each other.
  init?(_ left: [Int], _ right: [Int]) {
    let rank = max(left.count, right.count)
    let leftShape = Array(repeating: 1, count: rank - left.count) + left
    let rightShape = Array(repeating: 1, count: rank - right.count) + right
    var shape: [Int] = []
    for (a, b) in zip(leftShape, rightShape) {
      guard a == b || a == 1 || b == 1 else { return nil }
      shape.append(a == 1 ? b : a)
    }
    self.shape = shape
    var leftStride = 1
    var rightStride = 1
    for axis in shape.indices.reversed() where shape[axis] != 1 {
      let step = (
        count: shape[axis], left: leftShape[axis] == 1 ? 0 : leftStride,
        right: rightShape[axis] == 1 ? 0 : rightStride
      )
      leftStride *= leftShape[axis]
      rightStride *= rightShape[axis]
      if let inner = axes.first, step.left == inner.left * inner.count,
        step.right == inner.right * inner.count
      {
        axes[0].count *= step.count
      } else {
        axes.insert(step, at: 0)
      }
    }
    if axes.isEmpty { axes = [(1, 0, 0)] }
  }

  /// Calls `body` for each innermost run with the first output, left and right index, in output order.
  @inline(__always)
  func forEachRun(_ body: (_ output: Int, _ left: Int, _ right: Int) -> Void) {
    guard !shape.contains(0) else { return }
    var counters = Array(repeating: 0, count: axes.count - 1)
    let run = axes[axes.count - 1].count
    var output = 0
    var left = 0
    var right = 0
    while true {
      body(output, left, right)
      output += run
      var axis = counters.count - 1
      while axis >= 0 {
        counters[axis] += 1
        left += axes[axis].left
        right += axes[axis].right
        if counters[axis] < axes[axis].count { break }
        left -= axes[axis].left * axes[axis].count
        right -= axes[axis].right * axes[axis].count
        counters[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
