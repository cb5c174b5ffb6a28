#include "broker/protocol/08_offset_commit.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<OffsetCommitRequest>;
template struct MessageCodec<OffsetCommitResponse>;

}  // namespace omashu::broker
