import Foundation
import TensorCore
import Testing

@Suite struct PortableActivationTests {
  @Test func hyperbolicTangentAgreesWithThePlatform() {
    for step in -40_000...40_000 {
      let x = Double(step) / 1_700
      let expected = Foundation.tanh(x)
      #expect(abs(PortableMath.tanh(x) - expected) <= 4 * expected.ulp, "at \(x)")
    }
    #expect(PortableMath.tanh(1e-300) == 1e-300)
    #expect(PortableMath.tanh(-0.0).sign == .minus)
    #expect(PortableMath.tanh(.infinity) == 1)
    #expect(PortableMath.tanh(-.infinity) == -1)
    #expect(PortableMath.tanh(.nan).isNaN)
  }

  @Test func logisticFunctionAgreesWithThePlatform() {
    for step in -40_000...40_000 {
      let x = Double(step) / 57
      let e = Foundation.exp(-abs(x))
      let expected = x < 0 ? e / (1 + e) : 1 / (1 + e)
      #expect(
        abs(PortableMath.sigmoid(x) - expected) <= 4 * max(expected.ulp, 0x1p-1074), "at \(x)")
    }
    #expect(PortableMath.sigmoid(0) == 0.5)
    #expect(PortableMath.sigmoid(.infinity) == 1)
    #expect(PortableMath.sigmoid(-.infinity) == 0)
    #expect(PortableMath.sigmoid(.nan).isNaN)
  }
}
