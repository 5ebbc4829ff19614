import TensorCore
import Testing

/// Conversions between the element types, by their definitions.
@Suite struct ElementTests {
  private func roundTrip<T: ReducedFloat>(_ type: T.Type, patterns: Int) {
    for pattern in 0..<patterns {
      let number = T(bits: UInt16(pattern))
      let back = T(real: number.real)
      #expect(
        number.real.isNaN ? back.real.isNaN : back == number,
        "\(T.elementType) \(pattern): \(number.real)")
    }
    // Between two neighbours the nearest is taken, and at the middle the even one.
    for pattern in 1..<patterns / 2 - 1 {
      let (a, b) = (T(bits: UInt16(pattern)).real, T(bits: UInt16(pattern + 1)).real)
      guard a.isFinite, b.isFinite, b > a else { continue }
      let even = pattern.isMultiple(of: 2) ? a : b
      #expect(T(real: (a + b) / 2).real == even, "\(T.elementType) between \(a) and \(b)")
      #expect(T(real: a + (b - a) * 0.49).real == a && T(real: a + (b - a) * 0.51).real == b)
    }
  }

  @Test func everyReducedFloatSurvivesTheRoundTrip() {
    roundTrip(Half.self, patterns: 1 << 16)
    roundTrip(BrainFloat.self, patterns: 1 << 16)
    roundTrip(Float8E4M3FN.self, patterns: 256)
    roundTrip(Float8E4M3FNUZ.self, patterns: 256)
    roundTrip(Float8E5M2.self, patterns: 256)
    roundTrip(Float8E5M2FNUZ.self, patterns: 256)
  }

  @Test func whatIsTooLargeSaturatesOrDoesNot() {
    #expect(Half(real: 65_519).real == 65_504 && Half(real: 65_520).real == .infinity)
    #expect(Half(real: 1e300).real == .infinity && Half(real: 1e-300).real == 0)
    #expect(BrainFloat(real: 3.4e38).real == .infinity)
    #expect(Float8E4M3FN(real: 449).real == 448 && Float8E4M3FN(real: 1e9).real.isNaN)
    #expect(Float8E4M3FN(saturating: 1e9).real == 448)
    #expect(Float8E4M3FN(saturating: -.infinity).real == -448)
    #expect(Float8E4M3FNUZ(saturating: 1e9).real == 240 && Float8E5M2(real: 1e9).real == .infinity)
    #expect(Float8E5M2(saturating: 1e9).real == 57_344)
    #expect(Float8E5M2FNUZ(real: -0.0).bits == 0 && Float8E5M2FNUZ(real: .nan).bits == 0x80)
  }

  @Test func integersSaturateFromRealsAndWrapFromIntegers() {
    #expect(Int8(real: 300) == 127 && Int8(real: -1e9) == -128 && Int8(real: .nan) == 0)
    #expect(UInt8(real: -3) == 0 && UInt8(real: 2.9) == 2 && Int32(real: -2.9) == -2)
    #expect(Int64(real: 1e30) == .max && UInt64(real: 1e30) == .max)
    #expect(UInt8(integer: 257) == 1 && Int8(integer: 200) == -56)
    #expect(Int4(integer: 9).value == -7 && UInt4(integer: 17).value == 1)
    #expect(Int4(real: 9).value == 7 && UInt4(real: -1).value == 0)
  }

  @Test func tensorsConvertWithoutASwitch() throws {
    let source: any AnyTensor = Tensor<UInt64>(shape: [3], elements: [0, 7, .max])
    let numeric = try #require(source as? any NumericTensor)
    #expect(numeric.converted(to: Double.self).elements == [0, 7, 0x1p64])
    #expect(numeric.converted(to: Int8.self).elements == [0, 7, -1])
    #expect(numeric.converted(to: Bool.self).elements == [false, true, true])
    let big = Tensor<Int64>(shape: [1], elements: [(1 << 53) + 1])
    #expect(big.converted(to: Int64.self) == big && big.elementType == .int64)
    #expect(ElementType.allCases.allSatisfy { $0.swiftType.elementType == $0 })
    let text = Tensor<String>(shape: [2], elements: ["a", "b"])
    #expect(
      (text.gathering([1, -1, 0], shape: [3]) as? Tensor<String>)?.elements == ["b", "", "a"])
    #expect((text as any AnyTensor) as? any NumericTensor == nil)
  }

  @Test func intervalsNeverHoldNaN() {
    let odd = IntervalTensor(
      lower: Tensor(shape: [3], elements: [.nan, 2, -1]),
      upper: Tensor(shape: [3], elements: [0, 1, 3]))
    #expect(odd.lower.elements == [-.infinity, -.infinity, -1])
    let (centre, radius) = odd.centred
    #expect(centre.elements[2] == 1 && radius.elements[2] >= 2 && radius.elements[0] == .infinity)
    #expect(OutwardRounding.gamma(1 << 24) == .infinity)
    #expect(OutwardRounding.gamma(100) > 100 * 0x1p-24)
    let (low, high) = OutwardRounding.widened(-1, 1, ulps: 4)
    #expect(low < -1 - 3 * 0x1p-23 && high > 1 + 3 * 0x1p-23)
  }

  @Test func neighboursAreThoseOfDouble() {
    var random = SplitMix(seed: 11)
    var values: [Double] = [
      0, -0.0, 1, -1, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
      .leastNormalMagnitude, -.leastNonzeroMagnitude, -.leastNormalMagnitude,
      -.greatestFiniteMagnitude,
    ]
    for _ in 0..<10_000 { values.append(Double(bitPattern: random.next())) }
    for x in values {
      let (above, below) = (OutwardRounding.next(above: x), OutwardRounding.next(below: x))
      #expect(above == x.nextUp || x.isNaN && above.isNaN, "\(x)")
      #expect(below == x.nextDown || x.isNaN && below.isNaN, "\(x)")
    }
  }
}
