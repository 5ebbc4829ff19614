/// The attacks this build knows, sorted by name.
public enum AdversarialAttacks {
  public static let all: [any AdversarialAttack.Type] = [
    APGDCrossEntropy.self,
    APGDLogitRatio.self,
    APGDTargeted.self,
    AutoAttack.self,
    FABTargeted.self,
    FastGradientSign.self,
    ProjectedGradientDescent.self,
    SensorNoise.self,
    SquareAttack.self,
  ]
}
