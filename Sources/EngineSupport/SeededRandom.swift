/// Counter-based random numbers (Philox 4x32-10): the same seed and label give the same stream on any
/// machine, at any width, in any order.
///
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  let key: (UInt32, UInt32)
  let lane: (UInt32, UInt32)
  private var block: UInt64 = 0
  private var buffered: UInt64?

  public init(seed: UInt64) {
    self.init(key: seed, lane: 0)
  }

  init(key: UInt64, lane: UInt64) {
    self.key = (UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))
    self.lane = (UInt32(truncatingIfNeeded: lane), UInt32(truncatingIfNeeded: lane >> 32))
  }

  /// An independent stream for `index` under `label`; does not depend on what was drawn before.
  public func stream(_ label: StaticString, _ index: Int) -> SeededRandom {
    stream(named: label.description, index)
  }

  /// As `stream(_:_:)`, for labels that are data (a model's name, a test's id).
  public func stream(named label: String, _ index: Int) -> SeededRandom {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a, 64 bits
    func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    for byte in label.utf8 { mix(byte) }
    mix(0xff)
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      mix(UInt8(truncatingIfNeeded: UInt64(bitPattern: Int64(index)) >> shift))
    }
    let block = Self.philox(
      counter: (
        UInt32(truncatingIfNeeded: hash), UInt32(truncatingIfNeeded: hash >> 32), lane.0, lane.1
      ), key: key)
    return SeededRandom(
      key: UInt64(block.0) | UInt64(block.1) << 32, lane: UInt64(block.2) | UInt64(block.3) << 32)
  }

  public mutating func next() -> UInt64 {
    if let value = buffered {
      buffered = nil
      return value
    }
    let words = Self.philox(
      counter: (
        UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32), lane.0, lane.1
      ), key: key)
    block &+= 1
    buffered = UInt64(words.2) | UInt64(words.3) << 32
    return UInt64(words.0) | UInt64(words.1) << 32
  }

  /// Uniform in [0, 1) on the grid of 2⁻⁵³.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in [0, count); unbiased (rejection by multiplication, Lemire 2019). `count` must be positive.
  public mutating func index(below count: Int) -> Int {
    precondition(count > 0, "a range to draw from must not be empty")
    let bound = UInt64(count)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// Ten rounds of Philox 4x32; `package` so that the published known answers can be checked.
  package static func philox(
    counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var (c0, c1, c2, c3) = counter
    var (k0, k1) = key
    for _ in 0..<10 {
      let p0 = UInt64(0xD251_1F53) * UInt64(c0)
      let p1 = UInt64(0xCD9E_8D57) * UInt64(c2)
      (c0, c1, c2, c3) = (
        UInt32(truncatingIfNeeded: p1 >> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: p1),
        UInt32(truncatingIfNeeded: p0 >> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: p0)
      )
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return (c0, c1, c2, c3)
  }
}
