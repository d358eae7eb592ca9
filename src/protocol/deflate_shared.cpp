#include "protocol/deflate_shared.h"

#include <algorithm>
#include <string>

namespace simws::protocol {

std::size_t SharedForm::advance(const SharedMessage& message, std::size_t most,
                                SharedMessages& frames) {
  const Bytes payload = message.view().payload();
  if (done_ == 0) deflater_.begin(payload.size());
  const Bytes portion = payload.subspan(done_, std::min(most, payload.size() - done_));
  done_ += portion.size();
  const bool is_last = done_ == payload.size();
  if (is_last) {
    deflater_.end_message(portion, payload_);
  } else {
    deflater_.add(portion, payload_);
  }
  const bool shrinks = payload_.size() < payload.size();
  if (is_last || !shrinks) {
    deflater_.forget_message();
    if (shrinks) compressed_ = frames.make_compressed(message, payload_.text());
    payload_.release();
    is_made_ = true;
  }
  return portion.size();
}

SharedForm& SharedForms::of(DeflatePool& pool, int window_bits, const DeflateEffort& effort) {
  const auto found = std::ranges::find(forms_, window_bits, &SharedForm::window_bits);
  return found != forms_.end() ? *found : forms_.emplace_back(pool, window_bits, effort);
}

namespace {

SharedForms& forms_of(const SharedMessage& message) {
  auto& forms = message.forms();
  if (!forms) forms = std::make_unique<SharedForms>();
  return *forms;
}

}  // namespace

const SharedMessagePtr& enveloped(const SharedMessage& message) {
  SharedMessagePtr& made = forms_of(message).enveloped();
  if (!made) {
    std::string text = "\n";
    text.append(as_text(message.view().payload()));
    made = make_shared_message(message.frames()->memory(), text,
                               static_cast<Opcode>(message.view().opcode()));
  }
  return made;
}

SharedForm& form_of(const SharedMessage& message, DeflatePool& pool, int window_bits,
                    const DeflateEffort& effort) {
  return forms_of(message).of(pool, window_bits, effort);
}

}  // namespace simws::protocol
