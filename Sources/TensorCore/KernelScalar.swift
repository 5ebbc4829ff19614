/// An element type that the deterministic kernels are built for: `Float` for a model's own arithmetic,
/// `Double` for checking it with the same code.
public protocol KernelScalar: BinaryFloatingPoint, RealElement {
  /// `result += left · right` for an m×k and a k×n matrix.
  ///
  /// Each element is one chain of fused multiply-adds over k in ascending order that starts from the
  /// element's value in `result`, so batch size, tiling and processor cannot change a bit.
  /// Complexity: m·n·k multiply-adds.
  static func addProduct(
    rows: Int, columns: Int, depth: Int,
    of left: [Self], _ leftLayout: MatrixLayout,
    and right: [Self], _ rightLayout: MatrixLayout,
    to result: inout [Self], _ resultLayout: MatrixLayout,
    by path: KernelPath)

  /// The nearest value to `value`: elementary functions are computed in `Double` and rounded once.
  static func rounding(_ value: Double) -> Self

  /// This type's copy of a constant.
  static func values(of constant: DualTensor) -> Tensor<Self>
}

extension KernelScalar {
  /// The kernels index memory by layout: a layout that leaves its array is a broken promise of ours.
  static func checkBounds(
    _ rows: Int, _ columns: Int, _ depth: Int, _ left: Int, _ leftLayout: MatrixLayout,
    _ right: Int, _ rightLayout: MatrixLayout, _ result: Int, _ resultLayout: MatrixLayout
  ) {
    precondition(rows >= 0 && columns >= 0 && depth >= 0, "sizes are not negative")
    precondition(
      leftLayout.end(rows: rows, columns: depth) <= left
        && rightLayout.end(rows: depth, columns: columns) <= right
        && resultLayout.end(rows: rows, columns: columns) <= result,
      "a matrix stays inside its array")
  }
}
