import ModelTesting

/// The channel of an image that an attack changed most, by its span: one picture shows one channel.
struct ImagePlane {
  let channel: TestPlan.Channel
  let clean: [Double]
  let changed: [Double]
  /// Rows and columns.
  let shape: [Int]

  /// `nil` where a sample has other axes than row, column and channel, or does not fit them.
  init?(
    layout: [TestPlan.Axis], shape: [Int], channels: [TestPlan.Channel], clean: [Double],
    changed: [Double]
  ) {
    guard layout.count == shape.count, Set(layout) == [.channel, .row, .column],
      let axis = layout.firstIndex(of: .channel), shape[axis] == channels.count,
      shape.reduce(1, *) == clean.count, changed.count == clean.count
    else { return nil }
    let stride = shape[(axis + 1)...].reduce(1, *)
    let planes = channels.indices.map { place in
      clean.indices.filter { $0 / stride % channels.count == place }
    }
    func share(_ place: Int) -> Double {
      let change = planes[place].map { abs(changed[$0] - clean[$0]) }.max() ?? 0
      return channels[place].span > 0 ? change / channels[place].span : 0
    }
    guard let most = channels.indices.max(by: { (share($0), $1) < (share($1), $0) }) else {
      return nil
    }
    var plane = layout.indices.filter { $0 != axis }
    let isColumnFirst = layout[plane[0]] == .column
    if isColumnFirst { plane.reverse() }
    let (rows, columns) = (shape[plane[0]], shape[plane[1]])
    let order = (0..<rows * columns).map { cell in
      planes[most][isColumnFirst ? cell % columns * rows + cell / columns : cell]
    }
    channel = channels[most]
    self.clean = order.map { clean[$0] }
    self.changed = order.map { changed[$0] }
    self.shape = [rows, columns]
  }
}
