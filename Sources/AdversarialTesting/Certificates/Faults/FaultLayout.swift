import EngineSupport

/// Which elements of a sample a fault meets, and where the earlier readings of each are in a recording.
struct FaultLayout: Sendable {
  /// One element that the fault meets.
  struct Element: Sendable {
    /// In the flattened sample.
    var index: Int
    /// The share of the drift's end value.
    var ramp: Double
    /// The place in the flattened recording of the reading `lag` periods earlier is `place - lag * stride`, no
    /// earlier than `lags` periods.
    var place: Int
    var stride: Int
    var lags: Int
  }

  let elements: [Element]
  /// For every element of the sample its place in the recording.
  let places: [Int]
  /// Elements of a recording.
  let recordingCount: Int

  /// - Parameters:
  ///   - shape: Of one sample.
  ///   - history: Instants of a recording before the window.
  /// Errors: `test.fault.layout` where axes, channels or the onset are not the sample's.
  init(_ fault: ParametricFault, shape: [Int], history: Int) throws(Diagnostic) {
    let axes = shape.indices
    let isUsable =
      (fault.timeAxis.map(axes.contains) ?? (history == 0))
      && (fault.channelAxis.map { axes.contains($0) && $0 != fault.timeAxis } ?? true)
    let instants = isUsable ? fault.timeAxis.map { shape[$0] } ?? 1 : 0
    guard isUsable, (0..<instants).contains(fault.onset), history >= 0 else {
      throw Diagnostic(
        "test.fault.layout",
        "time axis \(fault.timeAxis.map(String.init) ?? "none"), channel axis \(fault.channelAxis.map(String.init) ?? "none") "
          + "and onset \(fault.onset) do not fit samples of shape \(shape)")
    }
    let channelCount = fault.channelAxis.map { shape[$0] } ?? 1
    let channels = fault.channels ?? Array(0..<channelCount)
    guard !channels.isEmpty, channels.allSatisfy({ (0..<channelCount).contains($0) }) else {
      throw Diagnostic(
        "test.fault.layout", "the channels \(channels) are not among the sample's \(channelCount)")
    }
    let (length, overflow) = instants.addingReportingOverflow(history)
    let stride = fault.timeAxis.map { shape[($0 + 1)...].reduce(1, *) } ?? 1
    let count = shape.reduce(1, *)
    let (total, overflows) = (count / instants).multipliedReportingOverflow(by: length)
    guard !overflow, !overflows else {
      throw Diagnostic("test.fault.layout", "a recording of \(history) more instants is too long")
    }
    recordingCount = total
    let chosen = Set(channels)
    let channelStride = fault.channelAxis.map { shape[($0 + 1)...].reduce(1, *) } ?? 1
    var (elements, places): ([Element], [Int]) = ([], [])
    for index in 0..<count {
      let time = index / stride % instants
      let outer = index / stride / instants
      let place = (outer * length + history + time) * stride + index % stride
      places.append(place)
      guard time >= fault.onset, chosen.contains(index / channelStride % channelCount) else {
        continue
      }
      elements.append(
        Element(
          index: index, ramp: Double(time - fault.onset + 1) / Double(instants - fault.onset),
          place: place, stride: stride, lags: history + time))
    }
    self.elements = elements
    self.places = places
  }
}
