package import EngineSupport

/// The syntax tree of one `.mal` file: what is written, in order, before any name is looked up.
package struct MALFile: Sendable {
  package enum Declaration: Sendable {
    case define(DefineSyntax)
    case include(IncludeSyntax)
    case category(CategorySyntax)
    case association(AssociationSyntax)
  }

  package var declarations: [Declaration] = []
}

/// A name as written, with its place.
package struct NameSyntax: Sendable {
  package var text: String
  package var location: SourceLocation
}

/// `#key: "value"`
package struct DefineSyntax: Sendable {
  package var key: NameSyntax
  package var value: String
  /// As it stands in the source, escapes and all: what mal-toolbox keeps.
  package var rawValue: String
}

/// `include "path"`
package struct IncludeSyntax: Sendable {
  package var path: NameSyntax
}

/// `category Name meta… { asset… }`
package struct CategorySyntax: Sendable {
  package var name: NameSyntax
  package var meta: [MetaSyntax]
  package var assets: [AssetSyntax]
}

/// `key info: "text"`
package struct MetaSyntax: Sendable {
  package var key: NameSyntax
  package var text: String
  /// As it stands in the source, escapes and all: what mal-toolbox keeps.
  package var rawText: String
}

/// `abstract asset Name extends Super meta… { step… let… }`
package struct AssetSyntax: Sendable {
  package var name: NameSyntax
  package var isAbstract: Bool
  package var superType: NameSyntax?
  package var meta: [MetaSyntax] = []
  package var variables: [VariableSyntax] = []
  package var steps: [StepSyntax] = []
  /// The whole declaration.
  package var location: SourceLocation
}

/// `let name = expression`
package struct VariableSyntax: Sendable {
  package var name: NameSyntax
  package var expression: ExpressionSyntax
}

/// One step, defence or existence check as declared in one asset.
package struct StepSyntax: Sendable {
  package var kind: StepType.Kind
  package var causalMode: StepType.CausalMode?
  package var name: NameSyntax
  package var tags: [String] = []
  package var impact: [NameSyntax] = []
  package var ttc: TTCSyntax?
  package var meta: [MetaSyntax] = []
  package var detectors: [DetectorSyntax] = []
  /// The place of `<-` and what follows.
  package var requires: (location: SourceLocation, expressions: [ExpressionSyntax])?
  package var leads: LeadsSyntax?
  /// `A>` or `+A>`.
  package var additions: EffectsSyntax?
  /// `R>` or `+R>`.
  package var removals: EffectsSyntax?
  /// The whole declaration.
  package var location: SourceLocation
  package var source = ""
}

/// `-> expression, …` or `+> expression, …`
package struct LeadsSyntax: Sendable {
  /// `+>`: in addition to what the super-type's step leads to.
  package var isAddition: Bool
  package var location: SourceLocation
  package var expressions: [ExpressionSyntax]
}

/// `A> base / target ^ target, …`, `R> …`, `+A> …` or `+R> …`: how reaching the step changes the model.
package struct EffectsSyntax: Sendable {
  package struct Target: Sendable {
    /// `~`: a link to the assets is added or removed, not the assets.
    package var isAssociation: Bool
    package var expression: ExpressionSyntax
  }

  package struct Sentence: Sendable {
    package var base: ExpressionSyntax
    package var targets: [Target]
    package var location: SourceLocation
  }

  /// `+A>`, `+R>`: in addition to what the super-type's step changes.
  package var isAddition: Bool
  package var location: SourceLocation
  package var sentences: [Sentence]
}

/// `! name (expression label, …) type [tpr: rate, fpr: rate]`
package struct DetectorSyntax: Sendable {
  package var name: String
  /// A label is the expression as written where the source gives none.
  package var context: [(expression: ExpressionSyntax, label: String)] = []
  package var type: String?
  package var truePositiveRate: Double?
  package var falsePositiveRate: Double?
  package var location: SourceLocation
}

/// `Left [field] multiplicity <-- Name --> multiplicity [field] Right meta…`
package struct AssociationSyntax: Sendable {
  package struct End: Sendable {
    package var type: NameSyntax
    package var field: NameSyntax
    package var minimum: Int
    package var maximum: Int?
    package var multiplicityLocation: SourceLocation
  }

  package var name: NameSyntax
  package var left: End
  package var right: End
  package var meta: [MetaSyntax]
  package var location: SourceLocation
}
