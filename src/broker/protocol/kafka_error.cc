#include "broker/protocol/kafka_error.h"

namespace omashu::broker {

std::string_view error_name(KafkaError error) {
  switch (error) {
    using enum KafkaError;
    case kNone: return "NONE";
    case kOffsetOutOfRange: return "OFFSET_OUT_OF_RANGE";
    case kCorruptMessage: return "CORRUPT_MESSAGE";
    case kUnknownTopicOrPartition: return "UNKNOWN_TOPIC_OR_PARTITION";
    case kInvalidFetchSize: return "INVALID_FETCH_SIZE";
    case kLeaderNotAvailable: return "LEADER_NOT_AVAILABLE";
    case kNotLeaderOrFollower: return "NOT_LEADER_OR_FOLLOWER";
    case kRequestTimedOut: return "REQUEST_TIMED_OUT";
    case kBrokerNotAvailable: return "BROKER_NOT_AVAILABLE";
    case kReplicaNotAvailable: return "REPLICA_NOT_AVAILABLE";
    case kMessageTooLarge: return "MESSAGE_TOO_LARGE";
    case kOffsetMetadataTooLarge: return "OFFSET_METADATA_TOO_LARGE";
    case kCoordinatorLoadInProgress: return "COORDINATOR_LOAD_IN_PROGRESS";
    case kCoordinatorNotAvailable: return "COORDINATOR_NOT_AVAILABLE";
    case kNotCoordinator: return "NOT_COORDINATOR";
    case kInvalidTopicException: return "INVALID_TOPIC_EXCEPTION";
    case kRecordListTooLarge: return "RECORD_LIST_TOO_LARGE";
    case kNotEnoughReplicas: return "NOT_ENOUGH_REPLICAS";
    case kNotEnoughReplicasAfterAppend: return "NOT_ENOUGH_REPLICAS_AFTER_APPEND";
    case kInvalidRequiredAcks: return "INVALID_REQUIRED_ACKS";
    case kIllegalGeneration: return "ILLEGAL_GENERATION";
    case kInconsistentGroupProtocol: return "INCONSISTENT_GROUP_PROTOCOL";
    case kInvalidGroupId: return "INVALID_GROUP_ID";
    case kUnknownMemberId: return "UNKNOWN_MEMBER_ID";
    case kInvalidSessionTimeout: return "INVALID_SESSION_TIMEOUT";
    case kRebalanceInProgress: return "REBALANCE_IN_PROGRESS";
    case kTopicAuthorizationFailed: return "TOPIC_AUTHORIZATION_FAILED";
    case kGroupAuthorizationFailed: return "GROUP_AUTHORIZATION_FAILED";
    case kClusterAuthorizationFailed: return "CLUSTER_AUTHORIZATION_FAILED";
    case kInvalidTimestamp: return "INVALID_TIMESTAMP";
    case kUnsupportedSaslMechanism: return "UNSUPPORTED_SASL_MECHANISM";
    case kIllegalSaslState: return "ILLEGAL_SASL_STATE";
    case kUnsupportedVersion: return "UNSUPPORTED_VERSION";
    case kTopicAlreadyExists: return "TOPIC_ALREADY_EXISTS";
    case kInvalidPartitions: return "INVALID_PARTITIONS";
    case kInvalidReplicationFactor: return "INVALID_REPLICATION_FACTOR";
    case kInvalidReplicaAssignment: return "INVALID_REPLICA_ASSIGNMENT";
    case kInvalidConfig: return "INVALID_CONFIG";
    case kNotController: return "NOT_CONTROLLER";
    case kInvalidRequest: return "INVALID_REQUEST";
    case kUnsupportedForMessageFormat: return "UNSUPPORTED_FOR_MESSAGE_FORMAT";
    case kPolicyViolation: return "POLICY_VIOLATION";
    case kOutOfOrderSequenceNumber: return "OUT_OF_ORDER_SEQUENCE_NUMBER";
    case kDuplicateSequenceNumber: return "DUPLICATE_SEQUENCE_NUMBER";
    case kInvalidProducerEpoch: return "INVALID_PRODUCER_EPOCH";
    case kInvalidTxnState: return "INVALID_TXN_STATE";
    case kInvalidProducerIdMapping: return "INVALID_PRODUCER_ID_MAPPING";
    case kInvalidTransactionTimeout: return "INVALID_TRANSACTION_TIMEOUT";
    case kConcurrentTransactions: return "CONCURRENT_TRANSACTIONS";
    case kTransactionalIdAuthorizationFailed: return "TRANSACTIONAL_ID_AUTHORIZATION_FAILED";
    case kSecurityDisabled: return "SECURITY_DISABLED";
    case kOperationNotAttempted: return "OPERATION_NOT_ATTEMPTED";
    case kKafkaStorageError: return "KAFKA_STORAGE_ERROR";
    case kLogDirNotFound: return "LOG_DIR_NOT_FOUND";
    case kSaslAuthenticationFailed: return "SASL_AUTHENTICATION_FAILED";
    case kUnknownProducerId: return "UNKNOWN_PRODUCER_ID";
    case kNonEmptyGroup: return "NON_EMPTY_GROUP";
    case kGroupIdNotFound: return "GROUP_ID_NOT_FOUND";
    case kFetchSessionIdNotFound: return "FETCH_SESSION_ID_NOT_FOUND";
    case kInvalidFetchSessionEpoch: return "INVALID_FETCH_SESSION_EPOCH";
    case kTopicDeletionDisabled: return "TOPIC_DELETION_DISABLED";
    case kFencedLeaderEpoch: return "FENCED_LEADER_EPOCH";
    case kUnknownLeaderEpoch: return "UNKNOWN_LEADER_EPOCH";
    case kUnsupportedCompressionType: return "UNSUPPORTED_COMPRESSION_TYPE";
    case kOffsetNotAvailable: return "OFFSET_NOT_AVAILABLE";
    case kMemberIdRequired: return "MEMBER_ID_REQUIRED";
    case kGroupMaxSizeReached: return "GROUP_MAX_SIZE_REACHED";
    case kFencedInstanceId: return "FENCED_INSTANCE_ID";
    case kElectionNotNeeded: return "ELECTION_NOT_NEEDED";
    case kNoReassignmentInProgress: return "NO_REASSIGNMENT_IN_PROGRESS";
    case kGroupSubscribedToTopic: return "GROUP_SUBSCRIBED_TO_TOPIC";
    case kInvalidRecord: return "INVALID_RECORD";
    case kUnstableOffsetCommit: return "UNSTABLE_OFFSET_COMMIT";
    case kThrottlingQuotaExceeded: return "THROTTLING_QUOTA_EXCEEDED";
    case kProducerFenced: return "PRODUCER_FENCED";
    case kUnknownTopicId: return "UNKNOWN_TOPIC_ID";
    case kInconsistentTopicId: return "INCONSISTENT_TOPIC_ID";
    case kTransactionalIdNotFound: return "TRANSACTIONAL_ID_NOT_FOUND";
    case kMismatchedEndpointType: return "MISMATCHED_ENDPOINT_TYPE";
    case kUnsupportedEndpointType: return "UNSUPPORTED_ENDPOINT_TYPE";
    case kTransactionAbortable: return "TRANSACTION_ABORTABLE";
    case kUnknownServerError: break;
  }
  return "UNKNOWN_SERVER_ERROR";
}

}  // namespace omashu::broker
