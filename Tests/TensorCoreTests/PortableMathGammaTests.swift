import Foundation
import TensorCore
import Testing

@Suite("The gamma function's family")
struct PortableMathGammaTests {
  @Test func logarithmOfGammaAgreesWithThePlatform() {
    for x in stride(from: 0.05, through: 160, by: 0.37) {
      let expected = log(tgamma(x))
      #expect(
        abs(PortableMath.logarithmOfGamma(x) - expected) <= 4e-14 * max(1, abs(expected)),
        "x = \(x)")
    }
  }

  @Test func standardNormalAgreesWithThePlatform() {
    for z in stride(from: -30.0, through: 8, by: 0.173) {
      let expected = erfc(-z / 2.0.squareRoot()) / 2
      #expect(abs(PortableMath.standardNormal(below: z) - expected) <= 1e-12 * expected, "z = \(z)")
    }
  }

  @Test func wholeShapesAreFinitePoissonSums() {
    for shape in 1...40 {
      for x in [0.01, 0.5, 3, 17, 41, 90] {
        var term = exp(-x)
        var upper = term
        for n in 1..<max(shape, 2) where n < shape {
          term *= x / Double(n)
          upper += term
        }
        let ratios = PortableMath.gammaRatios(shape: Double(shape), at: x)
        #expect(abs(ratios.upper - upper) < 1e-13, "shape \(shape), x \(x)")
        #expect(abs(ratios.lower + ratios.upper - 1) < 1e-15)
      }
    }
  }

  @Test func smallExponentsKeepTheirDigits() {
    for x in [0, 1e-300, 1e-12, 0.1, 0.349, 0.351, 2, 50] {
      #expect(abs(PortableMath.oneMinusExp(ofMinus: x) + expm1(-x)) <= 4e-16 * -expm1(-x))
    }
  }
}
