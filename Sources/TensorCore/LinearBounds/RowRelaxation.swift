import CKernels

/// Pulls rows of coefficients back through planes and offsets: the inner loop of linear bounds.
///
/// A row says Σ a·y + sum is a lower bound; where a coefficient is negative the bound on y from above takes
/// part. Source: Zhang et al., "Efficient neural network robustness certification with general activation
/// functions" (CROWN), NeurIPS 2018. Each row has the bits it would have alone.
public enum RowRelaxation {
  /// Adds Σ a · (a < 0 ? upper : lower) to each row's sum.
  ///
  /// - Parameters:
  ///   - rows: `[boxOfRow.count, width]`.
  ///   - lower: `[boxes, width]`, as `upper`.
  public static func addOffsets(
    of rows: [Double], width: Int, boxOfRow: [Int], lower: [Double], upper: [Double],
    to sums: inout [Double]
  ) {
    check(rows.count, width, boxOfRow, [lower.count, upper.count], sums.count)
    guard width > 0 else { return }
    unsafe rows.withUnsafeBufferPointer { rows in
      // Without slopes the kernel only reads the coefficients.
      let start = unsafe UnsafeMutablePointer(mutating: rows.baseAddress)
      unsafe run(start, width, boxOfRow, nil, nil, lower, upper, &sums)
    }
  }

  /// Adds the planes' offsets and multiplies the coefficients by the planes' slopes, element by element.
  public static func relax(
    _ rows: inout [Double], boxOfRow: [Int], by planes: RelaxationPlanes,
    adding sums: inout [Double]
  ) {
    precondition(planes.arity == 1 && planes.sources == nil, "the planes are elementwise")
    check(
      rows.count, planes.width, boxOfRow, [planes.lowerOffsets.count], sums.count)
    guard planes.width > 0 else { return }
    unsafe rows.withUnsafeMutableBufferPointer { rows in
      unsafe run(
        rows.baseAddress, planes.width, boxOfRow, planes.lowerSlopes, planes.upperSlopes,
        planes.lowerOffsets, planes.upperOffsets, &sums)
    }
  }

  private static func check(
    _ count: Int, _ width: Int, _ boxOfRow: [Int], _ tables: [Int], _ sums: Int
  ) {
    let last = (boxOfRow.max() ?? -1) + 1
    precondition(
      count == width * boxOfRow.count && sums == boxOfRow.count
        && (boxOfRow.min() ?? 0) >= 0 && tables.allSatisfy { last * width <= $0 },
      "rows, boxes and tables fit each other")
  }

  private static func run(
    _ rows: UnsafeMutablePointer<Double>?, _ width: Int, _ boxOfRow: [Int],
    _ lowerSlopes: [Double]?, _ upperSlopes: [Double]?, _ lower: [Double], _ upper: [Double],
    _ sums: inout [Double]
  ) {
    guard let rows = unsafe rows else { return }
    let count = boxOfRow.count
    unsafe boxOfRow.withUnsafeBufferPointer { boxes in
      unsafe lower.withUnsafeBufferPointer { lower in
        unsafe upper.withUnsafeBufferPointer { upper in
          unsafe sums.withUnsafeMutableBufferPointer { sums in
            if let lowerSlopes, let upperSlopes {
              unsafe lowerSlopes.withUnsafeBufferPointer { less in
                unsafe upperSlopes.withUnsafeBufferPointer { more in
                  unsafe bartizan_relax_f64(
                    count, width, rows, boxes.baseAddress, less.baseAddress, more.baseAddress,
                    lower.baseAddress, upper.baseAddress, sums.baseAddress)
                }
              }
            } else {
              unsafe bartizan_relax_f64(
                count, width, rows, boxes.baseAddress, nil, nil, lower.baseAddress,
                upper.baseAddress, sums.baseAddress)
            }
          }
        }
      }
    }
  }
}
