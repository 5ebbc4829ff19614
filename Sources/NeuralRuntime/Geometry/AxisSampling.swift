import EngineSupport

/// Where along one axis a resized tensor takes its values from, and with which weights.
///
/// Source: ONNX operator specification, Resize.
struct AxisSampling: Sendable {
  struct Target: Sendable {
    var input: Int
    var output: Int
    var scale: Double
    /// The part of the axis that is resized, as shares of it.
    var start: Double
    var end: Double
  }

  struct Weight: Sendable {
    var source: Int
    var factor: Double
  }

  private let mode: String
  private let coordinates: String
  private let nearest: String
  private let cubic: Double
  private let excludesOutside: Bool
  private let isAntialiased: Bool

  init(_ node: OperatorNode) throws(Diagnostic) {
    mode = try node.string("mode") ?? "nearest"
    let isOld = node.operation == "Upsample" || node.opset < 11
    coordinates =
      try node.string("coordinate_transformation_mode") ?? (isOld ? "asymmetric" : "half_pixel")
    nearest = try node.string("nearest_mode") ?? (isOld ? "floor" : "round_prefer_floor")
    cubic = try node.float("cubic_coeff_a") ?? -0.75
    excludesOutside = try node.flag("exclude_outside")
    isAntialiased = try node.flag("antialias")
    guard ["nearest", "linear", "bilinear", "cubic"].contains(mode) else {
      throw node.invalidAttribute("mode", "nearest, linear or cubic")
    }
    guard ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"].contains(nearest) else {
      throw node.invalidAttribute("nearest_mode", "a way to round")
    }
    let known = [
      "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric",
      "tf_crop_and_resize", "tf_half_pixel_for_nn",
    ]
    guard known.contains(coordinates) else {
      throw node.invalidAttribute("coordinate_transformation_mode", known.joined(separator: ", "))
    }
  }

  var usesRegion: Bool { coordinates == "tf_crop_and_resize" }
  var mayBeNegative: Bool { mode == "cubic" }

  /// The place on the input's axis of an output position.
  private func coordinate(_ position: Int, _ target: Target) -> Double {
    let x = Double(position)
    let (input, output) = (Double(target.input), Double(target.output))
    switch coordinates {
    case "half_pixel": return (x + 0.5) / target.scale - 0.5
    case "half_pixel_symmetric":
      let adjustment = output / (target.scale * input)
      return input / 2 * (1 - adjustment) + (x + 0.5) / target.scale - 0.5
    case "pytorch_half_pixel": return output > 1 ? (x + 0.5) / target.scale - 0.5 : 0
    case "align_corners": return output == 1 ? 0 : x * (input - 1) / (output - 1)
    case "tf_half_pixel_for_nn": return (x + 0.5) / target.scale
    case "tf_crop_and_resize":
      return output > 1
        ? target.start * (input - 1) + x * (target.end - target.start) * (input - 1) / (output - 1)
        : 0.5 * (target.start + target.end) * (input - 1)
    default: return x / target.scale
    }
  }

  /// nil where the place lies outside a region's tensor.
  func weights(at position: Int, _ target: Target) -> [Weight]? {
    let place = coordinate(position, target)
    if usesRegion, place < 0 || place > Double(target.input - 1) { return nil }
    let last = target.input - 1
    if mode == "nearest" { return [Weight(source: rounded(place, last), factor: 1)] }
    let stretch = isAntialiased ? min(target.scale, 1) : 1
    let reach = (mode == "cubic" ? 2 : 1) / stretch
    let first = Int((place - reach).rounded(.down)) + 1
    let end = Int((place + reach).rounded(.up))
    var weights: [Weight] = []
    var total = 0.0
    for index in first..<max(end, first + 1) {
      let isInside = index >= 0 && index <= last
      if excludesOutside, !isInside { continue }
      let distance = (place - Double(index)) * stretch
      let factor = mode == "cubic" ? cubicWeight(distance) : max(0, 1 - abs(distance))
      guard factor != 0 else { continue }
      total += factor
      weights.append(Weight(source: min(max(index, 0), last), factor: factor))
    }
    guard total != 0 else { return [Weight(source: rounded(place, last), factor: 1)] }
    return weights.map { Weight(source: $0.source, factor: $0.factor / total) }
  }

  private func rounded(_ place: Double, _ last: Int) -> Int {
    let whole: Double
    switch nearest {
    case "round_prefer_floor": whole = (place - 0.5).rounded(.up)
    case "round_prefer_ceil": whole = (place + 0.5).rounded(.down)
    case "ceil": whole = place.rounded(.up)
    default: whole = place.rounded(.down)
    }
    return min(max(Int(whole), 0), last)
  }

  /// Source: Keys, "Cubic convolution interpolation for digital image processing", 1981.
  private func cubicWeight(_ distance: Double) -> Double {
    let x = abs(distance)
    if x <= 1 { return ((cubic + 2) * x - (cubic + 3)) * x * x + 1 }
    if x < 2 { return ((cubic * x - 5 * cubic) * x + 8 * cubic) * x - 4 * cubic }
    return 0
  }
}
