name = 'the module beside the script'
