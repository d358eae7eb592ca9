# A script as the simulator's bridge to Python runs it: there is `self`.
class Script:
    pass


self = Script()

SNIPPET
