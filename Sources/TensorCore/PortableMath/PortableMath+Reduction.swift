/// Large arguments of the trigonometric functions, reduced with as many bits of 2/π as they need.
///
/// Source: Payne and Hanek, "Radian reduction for trigonometric functions", SIGNUM Newsletter 18 (1983).
extension PortableMath {
  /// The first 1,280 bits of 2/π after the point.
  private static let twoOverPi: [UInt64] = [
    0xa2f9_836e_4e44_1529, 0xfc27_57d1_f534_ddc0, 0xdb62_9599_3c43_9041, 0xfe51_63ab_debb_c561,
    0xb724_6e3a_424d_d2e0, 0x0649_2eea_09d1_921c, 0xfe1d_eb1c_b129_a73e, 0xe882_35f5_2ebb_4484,
    0xe99c_7026_b45f_7e41, 0x3991_d639_8353_39f4, 0x9c84_5f8b_bdf9_283b, 0x1ff8_97ff_de05_980f,
    0xef2f_118b_5a0a_6d1f, 0x6d36_7ecf_27cb_09b7, 0x4f46_3f66_9e5f_ea2d, 0x7527_bac7_ebe5_f17b,
    0x3d07_39f7_8a52_92ea, 0x6bfb_5fb1_1f8d_5d08, 0x5603_3046_fc7b_6bab, 0xf0cf_bc20_9af4_361d,
  ]

  /// x as a multiple of π/2 (modulo 4) and a rest within ±π/4, as a sum of two numbers; |x| ≥ 2.
  static func reducedByBits(_ x: Double) -> (quadrant: Int, rest: Double, tail: Double) {
    // |x| = m·2ᵉ with an integer m of 53 bits. Bits of 2/π before place e − 2 add multiples of 4 to the
    // product, so of m times the 192 bits from there the low 192 count, and the top two are the quadrant.
    let exponent = Int(x.exponent) - 52
    let mantissa = x.significandBitPattern | 1 << 52
    let low = mantissa.multipliedFullWidth(by: bits(from: exponent + 126))
    let middle = mantissa.multipliedFullWidth(by: bits(from: exponent + 62))
    let (b, carry) = middle.low.addingReportingOverflow(low.high)
    let a = (mantissa &* bits(from: exponent - 2)) &+ middle.high &+ (carry ? 1 : 0)
    var quadrant = Int(a >> 62)
    var (high, lower) = (a << 2 | b >> 62, b << 2 | low.low >> 62)
    let isPastHalf = high >> 63 == 1
    if isPastHalf {
      quadrant += 1
      (high, lower) = (~high, ~lower)
    }
    let head = Double(high & ~0x7FF) * 0x1p-64
    let rest = Double(high & 0x7FF) * 0x1p-64 + Double(lower) * 0x1p-128
    let product = head * 0x1.921fb54442d18p+0
    let lost = (-product).addingProduct(head, 0x1.921fb54442d18p+0)
    let tail = lost + (head * 0x1.1a62633145c07p-54 + rest * 0x1.921fb54442d18p+0)
    let sum = product + tail
    let sumRest = (product - sum) + tail
    let sign: Double = isPastHalf != (x < 0) ? -1 : 1
    return ((x < 0 ? -quadrant : quadrant) & 3, sign * sum, sign * sumRest)
  }

  /// 64 bits of 2/π from a place after the point on; before the point there are zeros.
  private static func bits(from place: Int) -> UInt64 {
    let word = (place >= 0 ? place : place - 63) / 64
    let offset = UInt64(place - word * 64)
    func at(_ index: Int) -> UInt64 {
      twoOverPi.indices.contains(index) ? twoOverPi[index] : 0
    }
    return offset == 0 ? at(word) : at(word) << offset | at(word + 1) >> (64 - offset)
  }
}
