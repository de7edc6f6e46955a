"""What publishers state by machine about the use of their content, read and recorded.

One module per vocabulary; `signals` has the normal form, `policy` what RIGHTS_POLICY decides.
"""
