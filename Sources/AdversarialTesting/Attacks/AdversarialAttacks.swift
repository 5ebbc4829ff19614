/// The attacks this build knows, sorted by name.
public enum AdversarialAttacks {
  public static let all: [any AdversarialAttack.Type] = [
    APGDCrossEntropy.self,
    APGDLogitRatio.self,
    APGDTargeted.self,
    AutoAttack.self,
    AttackBattery.self,
    BoundaryAttack.self,
    CarliniWagner.self,
    DeepFool.self,
    FABTargeted.self,
    FalseDataInjection.self,
    FastGradientSign.self,
    FastMinimumNorm.self,
    HopSkipJump.self,
    NaturalEvolution.self,
    PatchAttack.self,
    ProjectedGradientDescent.self,
    ReplayAttack.self,
    SensorNoise.self,
    SparseRandomSearch.self,
    SpatialTransformation.self,
    SimultaneousPerturbation.self,
    SquareAttack.self,
    TransferAttack.self,
    UniversalPerturbation.self,
  ]
}
