import ArchitectureModel
import AssessmentPipeline

/// What the product file claims about a defence of one drawn component.
struct DefenceClaim {
  var component: String
  var claim: ProductFile.DefenseClaim

  /// In the product file's order.
  static func all(in result: AssessmentResult) -> [DefenceClaim] {
    result.product.components.flatMap { component in
      component.defenses.map {
        DefenceClaim(component: component.declaration.drawn, claim: $0)
      }
    }
  }
}
