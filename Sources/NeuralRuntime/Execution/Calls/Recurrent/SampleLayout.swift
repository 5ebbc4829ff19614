/// Where the samples of a block lie in a buffer, when each row of the block may hold several: the layout that a
/// recurrent layer's operands and results have.
///
/// Sample s = row · samples + sample of the row. Elements of one sample lie side by side.
struct SampleLayout {
  /// Samples that lie at one distance from each other, and how many such groups there are.
  let groups: Int
  let count: Int
  /// Elements between neighbours of a group, and between the starts of groups.
  let stride: Int
  private let jump: Int

  /// - Parameters:
  ///   - rows: Rows of the block.
  ///   - samples: Samples in each row.
  ///   - width: Elements of one sample at one place.
  ///   - rowWidth: Elements of one row.
  init(rows: Int, samples: Int, width: Int, rowWidth: Int) {
    if samples == 1 {
      (groups, count, stride, jump) = (1, rows, rowWidth, 0)
    } else {
      (groups, count, stride, jump) = (rows, samples, width, rowWidth)
    }
  }

  /// Whether all samples of `width` elements lie side by side.
  func isFlat(_ width: Int) -> Bool { groups == 1 && (stride == width || count == 1) }

  /// The elements from the buffer's place to the first sample of a group.
  func start(of group: Int) -> Int { group * jump }

  /// The elements from the buffer's place to a sample.
  func place(of sample: Int) -> Int { sample / count * jump + sample % count * stride }
}
