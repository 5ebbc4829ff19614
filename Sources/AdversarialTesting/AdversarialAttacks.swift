/// The attacks this build knows, sorted by name.
public enum AdversarialAttacks {
  public static let all: [any AdversarialAttack.Type] = [
    FastGradientSign.self,
    ProjectedGradientDescent.self,
    SensorNoise.self,
  ]
}
