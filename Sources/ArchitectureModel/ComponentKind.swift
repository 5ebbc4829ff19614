/// What a drawn box is: the closed vocabulary of drawings, product files and the binding table.
public enum ComponentKind: String, Sendable, Hashable, CaseIterable {
  // The box: what runs, carries or guards software.
  case account
  case application
  case bootChain = "boot-chain"
  case cloudService = "cloud-service"
  /// Passes data one way by its construction.
  case dataDiode = "data-diode"
  case debugPort = "debug-port"
  case directoryService = "directory-service"
  case embeddedDevice = "embedded-device"
  case engineeringStation = "engineering-station"
  /// The electronics of a smart transmitter or positioner.
  case fieldDevice = "field-device"
  case firewall
  case firmware
  case gateway
  case managementService = "management-service"
  case networkDevice = "network-device"
  case removableMedia = "removable-media"
  case remoteAccessService = "remote-access-service"
  case servicePort = "service-port"
  /// A third-party component of a bill of materials.
  case softwareComponent = "software-component"
  case supplier
  case trustAnchor = "trust-anchor"
  case updateAgent = "update-agent"
  case updateService = "update-service"
  case wirelessNetwork = "wireless-network"
  case workstation

  // The brain: what learns and decides, and what that is made from.
  case dataSet = "data-set"
  case dataSource = "data-source"
  case decisionLog = "decision-log"
  /// Thresholds and rules behind a model.
  case decisionLogic = "decision-logic"
  /// A model that raises alarms on other values.
  case detectorModel = "detector-model"
  case inferenceRuntime = "inference-runtime"
  case inferenceService = "inference-service"
  case labellingProcess = "labelling-process"
  case learningModel = "learning-model"
  case modelArtefact = "model-artefact"
  case modelMonitor = "model-monitor"
  case modelRegistry = "model-registry"
  case modelUpdateService = "model-update-service"
  /// Scales, crops and filters before a model.
  case preProcessing = "pre-processing"
  case pretrainedModel = "pretrained-model"
  case trainingPipeline = "training-pipeline"

  // The sensor front: what is measured, and what turns it into numbers.
  case acousticSensor = "acoustic-sensor"
  case electricalTransducer = "electrical-transducer"
  case inertialSensor = "inertial-sensor"
  case opticalSensor = "optical-sensor"
  case physicalQuantity = "physical-quantity"
  case processTransducer = "process-transducer"
  case rangingSensor = "ranging-sensor"
  case satelliteReceiver = "satellite-receiver"
  case sensor
  case signalConverter = "signal-converter"

  // The process: what watches and moves the plant.
  case actuator
  case controlServer = "control-server"
  case controller
  case historian
  case operatorStation = "operator-station"
  case protectionRelay = "protection-relay"
  /// Supplies what readings are compared with: corrections, limits, a second source.
  case referenceSource = "reference-source"
  case safetyController = "safety-controller"

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
