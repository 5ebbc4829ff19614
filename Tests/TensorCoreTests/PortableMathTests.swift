import Foundation
import TensorCore
import Testing

/// The platform's functions are the independent answer here: a few ulp apart at most.
@Suite struct PortableMathTests {
  @Test func exponentialAgreesWithThePlatform() {
    for step in -70_000...70_900 {
      let x = Double(step) / 100
      let expected = Foundation.exp(x)
      #expect(abs(PortableMath.exp(x) - expected) <= 4 * expected.ulp, "at \(x)")
    }
    #expect(PortableMath.exp(0) == 1)
    #expect(PortableMath.exp(800) == .infinity)
    #expect(PortableMath.exp(-800) == 0)
    #expect(PortableMath.exp(.nan).isNaN)
  }

  @Test func logarithmAgreesWithThePlatform() {
    var x = 1e-300
    while x < 1e300 {
      let expected = Foundation.log(x)
      #expect(abs(PortableMath.log(x) - expected) <= 4 * max(expected.ulp, 0x1p-1074), "at \(x)")
      x *= 1.0173
    }
    for step in 1...2_000 {
      let x = Double(step) / 1_000
      #expect(abs(PortableMath.log(x) - Foundation.log(x)) <= 4 * Foundation.log(x).ulp)
    }
    #expect(PortableMath.log(1) == 0)
    #expect(PortableMath.log(0) == -.infinity)
    #expect(PortableMath.log(-1).isNaN)
  }
}
