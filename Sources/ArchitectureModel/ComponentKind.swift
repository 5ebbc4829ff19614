/// What a drawn box is: the closed vocabulary of drawings, product files and the binding table.
public enum ComponentKind: String, Sendable, Hashable, CaseIterable {
  case actuator
  case application
  case controlServer = "control-server"
  case dataSet = "data-set"
  case embeddedDevice = "embedded-device"
  case gateway
  case historian
  case learningModel = "learning-model"
  case managementService = "management-service"
  case physicalQuantity = "physical-quantity"
  /// Supplies what readings are compared with: corrections, limits, a second source.
  case referenceSource = "reference-source"
  case sensor
  case servicePort = "service-port"
  case trainingPipeline = "training-pipeline"
  case updateAgent = "update-agent"
  case updateService = "update-service"
  case wirelessNetwork = "wireless-network"
  case workstation
  /// A container that only groups: a network segment or a security zone.
  case zone
  /// Nobody said what it is; it is treated as something that runs software, and the report says so.
  case unknown
}

/// Why a drawn box has the kind it has.
public enum KindBasis: Sendable, Hashable {
  /// A row of the product file.
  case productFile
  /// A `kind` attribute in the drawing.
  case drawnAttribute
  /// It contains other boxes and nothing else is said.
  case container
  /// Nothing is said: the kind is `unknown`.
  case assumed

  public var sentence: String {
    switch self {
    case .productFile: "said in the product file"
    case .drawnAttribute: "said in the drawing (attribute \"kind\")"
    case .container: "assumed: a container without a kind is a zone"
    case .assumed: "assumed: nothing says what it is"
    }
  }
}
