// Which requests have to wait for the disk before they can be handled, of those that usually need not: where a log has
// to be opened and possibly recovered, or a topic has to be made. Such a request is handled by the broker's executors,
// not by the thread of its connection (dispatch.h). So is a fetch that takes long because it names many partitions. A
// fetch that meets damage is handed over by its handler, which learns of it only when it reads.

#pragma once

#include "broker/runtime/log_opener.h"

namespace omashu::broker {

class Broker;
struct FetchRequest;
struct ListOffsetsRequest;
struct MetadataRequest;
struct OffsetCommitRequest;
struct OffsetForLeaderEpochRequest;
struct ProduceRequest;
struct SyncGroupRequest;

struct DiskWait {
  Executor* executor = nullptr;   // where the handler is to run; nullptr: it need not wait
  LogOpener::Logs unopened_logs;  // that the handler uses, to be opened before

  bool is_needed() const { return executor != nullptr || !unopened_logs.empty(); }
};

DiskWait disk_wait(Broker& broker, const ProduceRequest& request);  // also where batches are compressed anew
DiskWait disk_wait(Broker& broker, const FetchRequest& request);
DiskWait disk_wait(Broker& broker, const ListOffsetsRequest& request);  // also where records are searched by time
DiskWait disk_wait(Broker& broker, const OffsetForLeaderEpochRequest& request);
DiskWait disk_wait(Broker& broker, const MetadataRequest& request);      // creates topics
DiskWait disk_wait(Broker& broker, const OffsetCommitRequest& request);  // creates __consumer_offsets
DiskWait disk_wait(Broker& broker, const SyncGroupRequest& request);     // the same

}  // namespace omashu::broker
