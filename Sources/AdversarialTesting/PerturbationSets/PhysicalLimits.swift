public import EngineSupport
import TensorCore

/// What the sensor behind an input tensor can physically deliver, in engineering units.
///
/// Ranges and resolution belong to each element of one sample, in row-major order. The tensor's own
/// numbers relate to engineering units by `unit = tensor × unitsPerTensorUnit + offset`.
public struct PhysicalLimits: Sendable, Hashable {
  /// The linear relation between a tensor's numbers and engineering units.
  public struct Scaling: Sendable, Hashable {
    public var unitsPerTensorUnit: Double
    public var offset: Double

    public init(unitsPerTensorUnit: Double, offset: Double = 0) {
      self.unitsPerTensorUnit = unitsPerTensorUnit
      self.offset = offset
    }

    public static let identity = Scaling(unitsPerTensorUnit: 1)
  }

  /// The shape of one sample.
  public let shape: [Int]
  public let low: [Double]
  public let high: [Double]
  /// The distance of two neighbouring readings, counted from the low end; 0 where the reading is continuous.
  public let leastSignificantBit: [Double]
  /// Which elements the attacker can write at all.
  public let writable: [Bool]
  public let scaling: Scaling

  /// More codes than a 32-bit converter has would be a typing error in the product file.
  private static let mostCodes = 0x1p32

  /// Arrays hold one value for every element of a sample, or a single value for all of them.
  ///
  /// - Throws: `test.limits.shape`, `test.limits.range`, `test.limits.lsb`, `test.limits.scaling`,
  ///   `test.limits.mask`.
  public init(
    shape: [Int], low: [Double], high: [Double], leastSignificantBit: [Double] = [0],
    writable: [Bool] = [true], scaling: Scaling = .identity
  ) throws(Diagnostic) {
    guard let count = Self.elementCount(of: shape) else {
      throw Diagnostic("test.limits.shape", "the sample shape \(shape) is not usable")
    }
    self.shape = shape
    self.scaling = scaling
    self.low = try Self.spread(low, over: count, "low end of the range")
    self.high = try Self.spread(high, over: count, "high end of the range")
    self.leastSignificantBit = try Self.spread(
      leastSignificantBit, over: count, "least significant bit")
    self.writable = try Self.spread(writable, over: count, "mask of writable elements")
    guard scaling.unitsPerTensorUnit.isFinite, scaling.unitsPerTensorUnit > 0,
      scaling.offset.isFinite
    else {
      throw Diagnostic(
        "test.limits.scaling",
        "engineering units per tensor unit must be positive and finite, the offset finite")
    }
    for index in 0..<count { try checkElement(index) }
    guard self.writable.contains(true) else {
      throw Diagnostic("test.limits.mask", "the attacker can write no element at all")
    }
  }

  /// Elements in one sample.
  public var count: Int { low.count }

  private func checkElement(_ index: Int) throws(Diagnostic) {
    guard low[index].isFinite, high[index].isFinite, low[index] <= high[index] else {
      throw Diagnostic(
        "test.limits.range",
        "the range [\(low[index]), \(high[index])] of element \(index) is inverted or not finite")
    }
    guard tensorValue(low[index]).isFinite, tensorValue(high[index]).isFinite else {
      throw Diagnostic(
        "test.limits.scaling",
        "the range [\(low[index]), \(high[index])] of element \(index) does not fit the tensor's numbers"
      )
    }
    let bit = leastSignificantBit[index]
    guard bit.isFinite, bit >= 0, bit == 0 || (high[index] - low[index]) / bit <= Self.mostCodes
    else {
      throw Diagnostic(
        "test.limits.lsb",
        "the least significant bit \(bit) of element \(index) must be 0 or a positive fraction of "
          + "its range, not below range / 2^32")
    }
  }

  private static func elementCount(of shape: [Int]) -> Int? {
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent > 0, !overflow, product <= 1 << 28 else { return nil }
      count = product
    }
    return count
  }

  private static func spread<Value>(
    _ values: [Value], over count: Int, _ what: String
  ) throws(Diagnostic) -> [Value] {
    if values.count == count { return values }
    guard values.count == 1, let value = values.first else {
      throw Diagnostic(
        "test.limits.shape", "\(values.count) values for the \(what), expected 1 or \(count)")
    }
    return Array(repeating: value, count: count)
  }
}

extension PhysicalLimits {
  /// The tensor's number for a reading in engineering units.
  func tensorValue(_ units: Double) -> Float {
    Float((units - scaling.offset) / scaling.unitsPerTensorUnit)
  }

  func units(_ tensorValue: Float) -> Double {
    Double(tensorValue) * scaling.unitsPerTensorUnit + scaling.offset
  }

  /// The highest code of the grid; the code 0 is the low end of the range.
  func highestCode(_ index: Int) -> Double {
    ((high[index] - low[index]) / leastSignificantBit[index] + 1e-9).rounded(.down)
  }

  func nearestCode(_ units: Double, _ index: Int) -> Double {
    ((units - low[index]) / leastSignificantBit[index]).rounded(.toNearestOrEven)
  }

  func units(ofCode code: Double, _ index: Int) -> Double {
    low[index] + code * leastSignificantBit[index]
  }

  /// The first element of a sample that lies outside the sensor's range, with two units in the last
  /// place of `Float` for the way the reading was stored.
  func firstElementOutOfRange(in sample: ArraySlice<Float>) -> Int? {
    for (index, value) in sample.enumerated() {
      let slack = 2 * Double(value.ulp) * scaling.unitsPerTensorUnit
      let reading = units(value)
      guard reading >= low[index] - slack, reading <= high[index] + slack else { return index }
    }
    return nil
  }
}
