// Objects of C libraries, owned: std::unique_ptr<Object, FreedBy<function>>.
#pragma once

namespace simws {

template <auto free_function>
struct FreedBy {
  template <typename Object>
  void operator()(Object* object) const {
    free_function(object);
  }
};

}  // namespace simws
