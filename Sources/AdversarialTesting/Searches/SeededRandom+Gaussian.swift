import EngineSupport
import TensorCore

extension SeededRandom {
  /// A standard normal number.
  mutating func gaussian() -> Double {
    PortableMath.standardNormal { uniform() }
  }
}
